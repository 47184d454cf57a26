// Answers that are kept for a moment: counts over the whole fleet are the one question that costs the fleet, and many
// people look at the same page.

interface Kept<Answer> {
  readonly atMs: number;
  readonly answer: Promise<Answer>;
}

/** Keeps each answer for `keptMs`, and at most `max` of them; one that is being made serves all who ask meanwhile. */
export class RecentAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  readonly #keptMs: number;
  readonly #max: number;

  constructor({ keptMs, max }: { readonly keptMs: number; readonly max: number }) {
    this.#keptMs = keptMs;
    this.#max = max;
  }

  /** `nowMs`: any clock that goes forward. A failure is not kept. */
  ask(key: string, nowMs: number, make: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(key);
    if (kept && nowMs - kept.atMs < this.#keptMs) return kept.answer;
    const answer = make();
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: nowMs, answer });
    answer.catch(() => this.#forget(key, answer));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#max && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }

  #forget(key: string, answer: Promise<Answer>): void {
    if (this.#kept.get(key)?.answer === answer) this.#kept.delete(key);
  }
}
