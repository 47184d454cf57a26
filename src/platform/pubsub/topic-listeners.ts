// The listeners of one process, for both brokers alike.
import type { Log } from '../logging/log.ts';
import type { Topic, Topics } from './pub-sub.ts';

type Listener = (payload: never) => void;

/** What goes over the wire. */
interface Envelope {
  readonly topic: Topic;
  readonly payload: unknown;
}

/** A listener that throws is logged and does not keep the others from hearing. */
export class TopicListeners {
  readonly #listeners = new Map<Topic, Set<Listener>>();
  readonly #resync = new Set<() => void>();

  constructor(private readonly log: Log) {}

  add<T extends Topic>(topic: T, listener: (payload: Topics[T]) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set<Listener>();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  addResync(listener: () => void): () => void {
    this.#resync.add(listener);
    return () => void this.#resync.delete(listener);
  }

  /** Hands a message from the wire to whoever listens to its topic. */
  hear(text: string): void {
    const { topic, payload } = JSON.parse(text) as Envelope;
    for (const listener of this.#listeners.get(topic) ?? []) this.#call(() => listener(payload as never));
  }

  resync(): void {
    for (const listener of this.#resync) this.#call(listener);
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.log.error('a listener of a message failed', { error });
    }
  }
}

/** A message as it goes over the wire. */
export function envelope<T extends Topic>(topic: T, payload: Topics[T]): string {
  return JSON.stringify({ topic, payload } satisfies Envelope);
}
