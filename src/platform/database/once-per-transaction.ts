// Asks the database once in a transaction what cannot become another answer within it.
import type { Transaction } from './database.ts';

/** For what depends on the clock, which stands still in a transaction, or on names, which nobody waits for. */
export class OncePerTransaction<Answer> {
  readonly #answers = new WeakMap<Transaction, Map<unknown, Promise<Answer>>>();

  /** The first question with this key in this transaction is asked, also where it fails. */
  ask(tx: Transaction, key: unknown, ask: () => Promise<Answer>): Promise<Answer> {
    const answers = this.#answers.get(tx) ?? new Map<unknown, Promise<Answer>>();
    this.#answers.set(tx, answers);
    const answer = answers.get(key) ?? ask();
    answers.set(key, answer);
    return answer;
  }
}
