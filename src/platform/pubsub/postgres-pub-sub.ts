// Fan-out over LISTEN/NOTIFY: one connection that listens, and any of the pool to tell.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Database } from '../database/database.ts';
import type { Log } from '../logging/log.ts';
import { PubSub, type Topic, type Topics } from './pub-sub.ts';
import { splitPayload } from './split-payload.ts';
import { envelope, TopicListeners } from './topic-listeners.ts';

const CHANNEL = 'fairlead';
const LONGEST_PAUSE_MS = 5_000;

/** Listens after `start`; comes back by itself after a lost connection, and then says `resync`. */
export class PostgresPubSub extends PubSub {
  readonly #listeners: TopicListeners;
  #client: Client | undefined;
  #closed = false;

  constructor(
    private readonly connectionString: string,
    private readonly database: Pick<Database, 'sql'>,
    private readonly log: Log,
  ) {
    super();
    this.#listeners = new TopicListeners(log);
  }

  async start(): Promise<void> {
    await this.#connect();
  }

  override async publish<T extends Topic>(topic: T, payload: Topics[T]): Promise<void> {
    const messages = splitPayload(payload).map((part) => envelope(topic, part));
    try {
      await this.database.sql('select pg_notify($1, message) from unnest($2::text[]) message', [
        CHANNEL,
        messages,
      ]);
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
    this.#closed = true;
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.connectionString,
      application_name: 'fairlead-listen',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => this.#listeners.hear(payload ?? '{}'));
    client.on('error', (error) => this.log.warn('the connection for messages broke', { error }));
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    client.once('end', () => void this.#reconnect());
    this.#client = client;
  }

  async #reconnect(): Promise<void> {
    for (let pauseMs = 100; !this.#closed; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.#connect();
        this.#listeners.resync();
        return;
      } catch (error) {
        this.log.warn('the connection for messages is away and is tried again', { error });
        await pause(pauseMs * (0.5 + Math.random()));
      }
    }
  }
}
