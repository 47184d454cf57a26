// Tells the hub which instances are kept here and not assigned, so that a person sees them: they are left alone.
import { MAX_REPORTED_ORPHANS } from '@fairlead/protocol/report';
import type { Clock } from '../clock.ts';
import { Bell } from './bell.ts';
import type { CredentialKeeper } from './credential-keeper.ts';
import type { OrphanInput } from './generated/operations.ts';
import type { HubApi } from './hub-api.ts';
import type { Log } from '../log.ts';
import { lookWhenRung } from './look-when-rung.ts';
import { OutageLog } from './outage-log.ts';
import type { SessionKeeper } from './session-keeper.ts';

const A_DAY_MS = 86_400_000;
/** What a hub knows of a session that has told nothing. */
const NONE = '[]';

/** What the hub was told in a session; undefined where it may have forgotten that. */
interface Told {
  readonly session: number;
  readonly text: string | undefined;
}

/** What the reporter works with. */
export interface OrphanReporterParts {
  readonly api: Pick<HubApi, 'reportOrphans'>;
  readonly keeper: Pick<CredentialKeeper, 'use'>;
  readonly sessions: Pick<SessionKeeper, 'session'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of this moment, in any order. */
  readonly orphans: () => readonly OrphanInput[];
}

/** One per agent; says nothing where there is nothing to say. */
export class OrphanReporter {
  readonly #parts: OrphanReporterParts;
  readonly #bell: Bell;
  readonly #outage: OutageLog;
  #hasBegun = false;
  #told: Told = { session: 0, text: NONE };

  constructor(parts: OrphanReporterParts) {
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
    this.#outage = new OutageLog(parts.log, 'telling the hub of orphaned instances');
  }

  /** The inventories are read and the hub has answered: before that, nothing is known to be orphaned. */
  begin(): void {
    this.#hasBegun = true;
    this.look();
  }

  /** What is assigned has changed. */
  look(): void {
    if (this.#hasBegun) this.#bell.ring();
  }

  /** The hub may have forgotten what it was told. */
  repeat(): void {
    this.#told = { ...this.#told, text: undefined };
    this.look();
  }

  /** Until the signal is aborted; rejects with `StopAgent` alone. */
  run(signal: AbortSignal): Promise<void> {
    const [bell, outage] = [this.#bell, this.#outage];
    return lookWhenRung({ bell, outage, restMs: () => A_DAY_MS, look: () => this.#tell() }, signal);
  }

  /** Whether the hub knows now. */
  async #tell(): Promise<boolean> {
    if (!this.#hasBegun) return true;
    const { api, keeper, sessions, orphans } = this.#parts;
    const { session } = await sessions.session();
    if (this.#told.session !== session) this.#told = { session, text: NONE };
    const all = orphans()
      .toSorted((a, b) => (a.instance < b.instance ? -1 : 1))
      .slice(0, MAX_REPORTED_ORPHANS);
    const text = JSON.stringify(all);
    if (text === this.#told.text) return true;
    // The hub may have it from now on, whether or not its answer comes: what it knew before is no longer known.
    const asked: Told = { session, text: undefined };
    this.#told = asked;
    const isTaken = await keeper.use((credential) => api.reportOrphans(session, all, credential));
    if (isTaken && this.#told === asked) this.#told = { session, text };
    return isTaken;
  }
}
