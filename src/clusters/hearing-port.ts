// Whether the hub can hear agents at all. It is a fact of the whole hub, in its database: the process that judges a
// cluster's silence is often not the one that agents speak to.
import type { Transaction } from '../platform/database/database.ts';

export abstract class Hearing {
  /** A replica that serves agents is there; said again every few seconds. */
  abstract note(): Promise<void>;
  /**
   * Until when silence says nothing of any cluster: the hub was deaf, and agents get as long to come back as silence
   * takes to show. null: it has heard agents, without a gap, for that long.
   */
  abstract deafUntil(tx: Transaction): Promise<Date | null>;
}

/** How often a replica says that it hears. */
export function hearingIntervalMs({ staleAfterMs }: { readonly staleAfterMs: number }): number {
  return Math.min(10_000, Math.ceil(staleAfterMs / 6));
}

/**
 * So long without a word from any replica is a gap. One word that is missed is none. It is at most half of the time
 * after which silence counts: an agent that was heard a heartbeat (a third of it) before is not silent when it ends.
 */
export function hearingGapMs(times: { readonly staleAfterMs: number }): number {
  return 3 * hearingIntervalMs(times);
}
