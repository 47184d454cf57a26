// How much of the agent's time somebody's health rules may take. One evaluation is limited by itself; thousands of
// objects are not, and the agent has one thread for everything. Pure.

const WINDOW_MS = 10_000;
const MOST_PER_WINDOW_MS = 1_000;
const LONGEST_REST_MS = 10 * 60_000;

/** One giver of rules: a tenth of the time, and ever longer rests for whoever takes more again and again. */
export class RuleBudget {
  #windowStartMs = 0;
  #spentMs = 0;
  #restsUntilMs = 0;
  #restMs = WINDOW_MS;

  /** Whether the rules are not to be asked now. */
  isResting(nowMs: number): boolean {
    return this.restLeftMs(nowMs) > 0;
  }

  /** Zero where they may be asked; also where more is left than any rest takes: the clock was set back since. */
  restLeftMs(nowMs: number): number {
    const leftMs = this.#restsUntilMs - nowMs;
    return leftMs > LONGEST_REST_MS ? 0 : Math.max(0, leftMs);
  }

  /** Notes what an evaluation took; answers for how long the rules rest from now on, where they do. */
  spend(tookMs: number, nowMs: number): number | undefined {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) this.#beginWindow(nowMs);
    this.#spentMs += tookMs;
    if (this.#spentMs < MOST_PER_WINDOW_MS) return undefined;
    const restMs = this.#restMs;
    this.#restsUntilMs = nowMs + restMs;
    this.#restMs = Math.min(LONGEST_REST_MS, restMs * 2);
    return restMs;
  }

  /** A window that was kept to forgives the ones before; the time of a rest is none. */
  #beginWindow(nowMs: number): void {
    if (nowMs - Math.max(this.#windowStartMs, this.#restsUntilMs) >= WINDOW_MS) this.#restMs = WINDOW_MS;
    this.#windowStartMs = nowMs;
    this.#spentMs = 0;
  }
}
