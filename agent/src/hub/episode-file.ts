// Differences that are open, and those that ended and that the hub has not heard of, on disk beside the bundles: a
// restart must neither lose an episode nor begin it twice.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { Log } from '../log.ts';
import { messageOf } from './hub-error.ts';
import type { PrivateFolder } from './private-folder.ts';

const FILE = 'drift-episodes.json';
const FORM = 1;

/** Episodes by instance. */
export type Episodes = ReadonlyMap<string, readonly ReportedDrift[]>;

/** All that is kept. */
export interface KeptEpisodes {
  readonly open: Episodes;
  readonly closed: Episodes;
}

interface Stored {
  readonly form: number;
  readonly open: readonly (readonly [string, readonly ReportedDrift[]])[];
  readonly closed: readonly (readonly [string, readonly ReportedDrift[]])[];
}

/** One file. A missing or damaged one only means that what is open is found anew. */
export class EpisodeFile {
  readonly #folder: PrivateFolder;
  readonly #log: Log;
  #waiting: (() => KeptEpisodes) | undefined;
  #writing: Promise<void> | undefined;

  constructor(folder: PrivateFolder, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  async read(): Promise<KeptEpisodes> {
    try {
      const text = await this.#folder.read(FILE);
      const stored = text && (JSON.parse(text.toString('utf8')) as Stored);
      if (stored?.form === FORM) return { open: new Map(stored.open), closed: new Map(stored.closed) };
    } catch (error) {
      this.#log.warn('what was known of drift cannot be read from disk', { reason: messageOf(error) });
    }
    return { open: new Map(), closed: new Map() };
  }

  /** Writes soon; what changes while a write is under way is written once after it. */
  save(content: () => KeptEpisodes): void {
    this.#waiting = content;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting) {
      const { open, closed } = this.#waiting();
      this.#waiting = undefined;
      const stored: Stored = { form: FORM, open: [...open], closed: [...closed] };
      try {
        await this.#folder.write(FILE, JSON.stringify(stored));
      } catch (error) {
        this.#log.warn('what is known of drift cannot be kept on disk', { reason: messageOf(error) });
      }
    }
  }
}
