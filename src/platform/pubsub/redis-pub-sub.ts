// Fan-out over Redis: one connection that subscribes (Redis wants it for itself), one that publishes.
import { Redis } from 'ioredis';
import type { Log } from '../logging/log.ts';
import { PubSub, type Topic, type Topics } from './pub-sub.ts';
import { splitPayload } from './split-payload.ts';
import { envelope, TopicListeners } from './topic-listeners.ts';

const CHANNEL = 'fairlead';
/** Redis has no such limit; parts of this size keep one message from holding up the others. */
const MAX_BYTES = 100_000;

/** Listens after `start`; ioredis reconnects and subscribes again, and then listeners are told to `resync`. */
export class RedisPubSub extends PubSub {
  readonly #listeners: TopicListeners;
  readonly #subscriber: Redis;
  readonly #publisher: Redis;

  constructor(
    redisUrl: string,
    private readonly log: Log,
  ) {
    super();
    this.#listeners = new TopicListeners(log);
    this.#subscriber = this.#connection(redisUrl);
    this.#publisher = this.#connection(redisUrl);
  }

  async start(): Promise<void> {
    await Promise.all([this.#subscriber.connect(), this.#publisher.connect()]);
    this.#subscriber.on('message', (_channel, text) => this.#listeners.hear(text));
    await this.#subscriber.subscribe(CHANNEL);
    this.#subscriber.on('ready', () => void this.#afterReconnect());
  }

  override async publish<T extends Topic>(topic: T, payload: Topics[T]): Promise<void> {
    try {
      for (const part of splitPayload(payload, MAX_BYTES))
        await this.#publisher.publish(CHANNEL, envelope(topic, part));
    } catch (error) {
      this.log.warn('a message to the other replicas was lost', { topic, error });
    }
  }

  override subscribe<T extends Topic>(topic: T, listener: (payload: Topics[T]) => void): () => void {
    return this.#listeners.add(topic, listener);
  }

  override onResync(listener: () => void): () => void {
    return this.#listeners.addResync(listener);
  }

  async close(): Promise<void> {
    for (const redis of [this.#subscriber, this.#publisher]) redis.disconnect();
    await Promise.resolve();
  }

  /** Subscribing again is idempotent; only after it are messages surely heard. */
  async #afterReconnect(): Promise<void> {
    try {
      await this.#subscriber.subscribe(CHANNEL);
      this.#listeners.resync();
    } catch (error) {
      this.log.warn('subscribing again after a lost connection failed', { error });
    }
  }

  #connection(redisUrl: string): Redis {
    const redis = new Redis(redisUrl, {
      lazyConnect: true,
      // A message for the others is worth nothing later: while Redis is away it fails at once.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: (attempt) => Math.min(attempt * 100, 5_000),
    });
    redis.on('error', (error: Error) => this.log.warn('the connection to Redis broke', { error }));
    return redis;
  }
}
