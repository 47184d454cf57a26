// The hub's time as far as the agent knows it: credentials live by it, a renewal is signed with it, and what the hub
// orders for a time ends by it.
import type { Clock } from '../clock.ts';

// The Date header counts whole seconds and the answer was under way: less than this is no difference.
const TOLERANCE_MS = 2_000;
// An answer over a slow link looks like a clock that is behind, until the next one comes faster: orders are not given
// anew for that.
const SHIFT_MS = 30_000;

/** Learns the difference between the two clocks from the hub's answers. */
export class HubClock {
  readonly #clock: Clock;
  readonly #onShift: () => void;
  #aheadMs = 0;
  #aheadAtShiftMs = 0;

  /** `onShift`: the hub's time is another one than was believed, by more than an answer is under way. */
  constructor(clock: Clock, onShift: () => void = () => undefined) {
    this.#clock = clock;
    this.#onShift = onShift;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** When the agent's own clock will show what the hub calls this time; both in milliseconds since the epoch. */
  toOwn(hubMs: number): number {
    return hubMs - this.#aheadMs;
  }

  /** Takes the Date header of an answer; one that cannot be read changes nothing. */
  learn(dateHeader: string | undefined): void {
    const hubMs = Date.parse(dateHeader ?? '');
    if (Number.isNaN(hubMs) || Math.abs(hubMs - this.now()) <= TOLERANCE_MS) return;
    this.#aheadMs = hubMs - this.#clock.now();
    if (Math.abs(this.#aheadMs - this.#aheadAtShiftMs) <= SHIFT_MS) return;
    this.#aheadAtShiftMs = this.#aheadMs;
    this.#onShift();
  }
}
