// How soon a report leads to the next look at a slot. Thousands of clusters report one by one, and each look judges all of
// them: where a look is long, it serves the reports of a while. Decisions and deadlines never wait for this.
import { Injectable } from '@nestjs/common';
import type { SlotKey } from './promotion-store.ts';

/** A look that takes less is repeated at once. */
const LONG_LOOK_MS = 100;
/** A rest is so many times as long as the look before it, and a second at most. */
const REST_PER_LOOK = 4;
const LONGEST_REST_MS = 1_000;

/** Knows what this process saw last, and no more: a replica that knows nothing looks at once. */
@Injectable()
export class SlotPace {
  readonly #rests = new Map<string, number>();

  /** Takes the time of a look, with all that it waited for. */
  async timed(slot: SlotKey, look: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await look();
    const tookMs = performance.now() - startedAt;
    if (tookMs < LONG_LOOK_MS) this.#rests.delete(nameOf(slot));
    else this.#rests.set(nameOf(slot), Math.min(LONGEST_REST_MS, REST_PER_LOOK * tookMs));
  }

  /** Milliseconds from a report to the look that it asks for; 0 for nearly all slots. */
  restMs(slot: SlotKey): number {
    return this.#rests.get(nameOf(slot)) ?? 0;
  }
}

function nameOf({ applicationId, environmentId }: SlotKey): string {
  return `${applicationId}/${environmentId}`;
}
