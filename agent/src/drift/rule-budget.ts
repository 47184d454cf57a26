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

  /** Until when the rules are not asked; `undefined` while they are. */
  restsUntil(nowMs: number): number | undefined {
    return nowMs < this.#restsUntilMs ? this.#restsUntilMs : undefined;
  }

  /** Notes what an evaluation took; true where the rules rest from now on. */
  spend(tookMs: number, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) this.#beginWindow(nowMs);
    this.#spentMs += tookMs;
    if (this.#spentMs < MOST_PER_WINDOW_MS) return false;
    this.#restsUntilMs = nowMs + this.#restMs;
    this.#restMs = Math.min(LONGEST_REST_MS, this.#restMs * 2);
    return true;
  }

  /** A window that was kept to forgives the ones before; the time of a rest is none. */
  #beginWindow(nowMs: number): void {
    if (nowMs - Math.max(this.#windowStartMs, this.#restsUntilMs) >= WINDOW_MS) this.#restMs = WINDOW_MS;
    this.#windowStartMs = nowMs;
    this.#spentMs = 0;
  }
}
