// What is assigned, on disk beside the bundles, so that a restart while the hub is away goes on where it was.
import type { Log } from '../log.ts';
import { messageOf } from './hub-error.ts';
import {
  NOTHING_KNOWN,
  type HubHealthRules,
  type KnownAssignment,
  type KnownAssignments,
} from './known-assignments.ts';
import type { PrivateFolder } from './private-folder.ts';

const FILE = 'assignments.json';
const FORM = 2;

interface Stored {
  readonly form: number;
  readonly epoch?: string;
  readonly generation: number;
  readonly healthRules: HubHealthRules;
  readonly assignments: readonly (Omit<KnownAssignment, 'previousBundle'> & {
    readonly previousBundle?: string;
  })[];
}

/** One file. A missing or damaged one only means that everything is asked for again. */
export class AssignmentFile {
  readonly #folder: PrivateFolder;
  readonly #log: Log;

  constructor(folder: PrivateFolder, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  async read(): Promise<KnownAssignments> {
    try {
      const text = await this.#folder.read(FILE);
      const stored = text && (JSON.parse(text.toString('utf8')) as Stored);
      return stored?.form === FORM ? known(stored) : NOTHING_KNOWN;
    } catch (error) {
      this.#log.warn('what was assigned cannot be read from disk and is asked for again', {
        reason: messageOf(error),
      });
      return NOTHING_KNOWN;
    }
  }

  /** A failure costs nothing but a full answer after the next restart. */
  async write({ epoch, generation, byInstance, healthRules }: KnownAssignments): Promise<void> {
    const content = { form: FORM, epoch, generation, healthRules, assignments: [...byInstance.values()] };
    try {
      await this.#folder.write(FILE, JSON.stringify(content));
    } catch (error) {
      this.#log.warn('what is assigned cannot be kept on disk', { reason: messageOf(error) });
    }
  }
}

function known({ epoch, generation, healthRules, assignments }: Stored): KnownAssignments {
  const entries = assignments.map(
    ({ assignment, previousBundle }) => [assignment.instance, { assignment, previousBundle }] as const,
  );
  return { epoch, generation, byInstance: new Map(entries), healthRules };
}
