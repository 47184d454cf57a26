// A topic as something to iterate over: what a subscription returns.
import type { PubSub, Topic, Topics } from './pub-sub.ts';

const CAPACITY = 1_000;

/**
 * Messages of a topic from now on, until the consumer stops. A consumer that falls behind loses the oldest ones:
 * they only say "look again". After a lost connection to the broker `onResync` may stand in for what was missed.
 */
export function follow<T extends Topic>(
  pubSub: PubSub,
  topic: T,
  onResync?: () => Topics[T] | undefined,
): AsyncGenerator<Topics[T], void, void> {
  const followed = new Followed<Topics[T]>();
  // Subscribed at once, not at the first `next`: what happens in between must not be missed.
  followed.onEnd(pubSub.subscribe(topic, (message) => followed.push(message)));
  if (!onResync) return followed;
  const resync = (): void => {
    const message = onResync();
    if (message) followed.push(message);
  };
  followed.onEnd(pubSub.onResync(resync));
  return followed;
}

/** Written out, because an `async function*` answers `return` only after the next message: a closed socket would leak. */
class Followed<Message> implements AsyncGenerator<Message, void, void> {
  readonly #waiting: Message[] = [];
  readonly #ends: (() => void)[] = [];
  #taker: (() => void) | undefined;
  #ended = false;

  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  push(message: Message): void {
    if (this.#waiting.length >= CAPACITY) this.#waiting.shift();
    this.#waiting.push(message);
    this.#taker?.();
  }

  async next(): Promise<IteratorResult<Message, void>> {
    for (;;) {
      if (this.#ended) return { done: true, value: undefined };
      const [message] = this.#waiting.splice(0, 1);
      if (message !== undefined) return { done: false, value: message };
      await new Promise<void>((arrived) => (this.#taker = arrived));
    }
  }

  return(): Promise<IteratorResult<Message, void>> {
    this.#ended = true;
    for (const end of this.#ends.splice(0)) end();
    this.#taker?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  async throw(error: unknown): Promise<IteratorResult<Message, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
