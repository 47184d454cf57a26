// Hands committed notices to the features that asked for them: at least once, in order within a topic's batch,
// never by a high-water mark (a lower id may commit later).
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config, runsJobs } from '../platform/config/config.ts';
import { Database } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import { Notices, type NoticeTopic } from './activity-log.ts';
import { ActivityStore, type PendingNotice } from './activity-store.ts';
import { OutboxBell } from './outbox-bell.ts';

type Payload = Readonly<Record<string, unknown>>;
type Listener = (payloads: readonly Payload[]) => Promise<void>;

const BATCH = 500;
/** What nobody rang for (a crash between commit and ring, a lost message) is found this soon. */
const SWEEP_MS = 1_000;
/** From one round to the next: what is told in quick succession leads to one job, not to five. The first goes at once. */
const MERGE_MS = 25;
const SHORTEST_REST_MS = 200;
const LONGEST_REST_MS = 30_000;

/** A topic whose listener failed rests before it is tried again; the other topics go on. */
interface Rest {
  readonly until: number;
  readonly lengthMs: number;
}

@Injectable()
export class OutboxRelay extends Notices implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #listeners = new Map<NoticeTopic, Listener[]>();
  readonly #resting = new Map<string, Rest>();
  #timer: NodeJS.Timeout | undefined;
  #rung = false;
  #round: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly store: ActivityStore,
    private readonly bell: OutboxBell,
    private readonly log: Log,
  ) {
    super();
  }

  override on(topic: NoticeTopic, listener: Listener): void {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
  }

  onApplicationBootstrap(): void {
    if (!runsJobs(this.config)) return;
    this.bell.onRing(() => this.#wake());
    this.#timer = setInterval(() => this.#wake(), SWEEP_MS);
    this.#wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#round;
  }

  #wake(): void {
    this.#rung = true;
    this.#round ??= this.#run().finally(() => {
      this.#round = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#rung && this.#timer) {
      this.#rung = false;
      try {
        while ((await this.#relayBatch()) === BATCH && this.#timer);
      } catch (error) {
        this.log.warn('the relay of notices failed and goes on at its next round', { error });
      }
      await pause(MERGE_MS);
    }
  }

  /** Answers how many it took. The lock is held while listeners run, so that another relay takes other rows. */
  #relayBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const claimed = await this.store.claim(tx, BATCH, this.#restingTopics());
      const done: bigint[] = [];
      for (const [topic, notices] of Map.groupBy(claimed, (notice) => notice.topic)) {
        done.push(...(await this.#handOver(topic, notices)));
      }
      if (done.length > 0) await this.store.remove(tx, done);
      return claimed.length;
    });
  }

  /** Answers the ids of those that are done with. */
  async #handOver(topic: NoticeTopic, notices: readonly PendingNotice[]): Promise<readonly bigint[]> {
    try {
      await this.#call(topic, notices);
      this.#resting.delete(topic);
      return notices.map(({ id }) => id);
    } catch (error) {
      const failedBefore = this.#resting.has(topic);
      this.#rest(topic);
      this.log.error('a listener refused notices; they are kept and tried again', {
        topic,
        count: notices.length,
        error,
      });
      return failedBefore && notices.length > 1 ? this.#oneByOne(topic, notices) : [];
    }
  }

  /**
   * One bad notice must not hold up its topic for ever. What is refused while its neighbours are taken is at fault
   * itself, and is given up; where all are refused, what they lead to is away.
   */
  async #oneByOne(topic: NoticeTopic, notices: readonly PendingNotice[]): Promise<readonly bigint[]> {
    const refused: { readonly notice: PendingNotice; readonly error: unknown }[] = [];
    for (const notice of notices) {
      await this.#call(topic, [notice]).catch((error: unknown) => refused.push({ notice, error }));
    }
    if (refused.length === notices.length) return [];
    this.#resting.delete(topic);
    for (const { notice, error } of refused) {
      this.log.error('a notice is given up: listeners refuse it and take the others', {
        topic,
        payload: notice.payload,
        error,
      });
    }
    return notices.map(({ id }) => id);
  }

  async #call(topic: NoticeTopic, notices: readonly PendingNotice[]): Promise<void> {
    const payloads = notices.map(({ payload }) => payload);
    for (const listener of this.#listeners.get(topic) ?? []) await listener(payloads);
  }

  #rest(topic: NoticeTopic): void {
    const doubledMs = (this.#resting.get(topic)?.lengthMs ?? SHORTEST_REST_MS / 2) * 2;
    const lengthMs = Math.min(doubledMs, LONGEST_REST_MS);
    this.#resting.set(topic, { until: Date.now() + lengthMs, lengthMs });
  }

  #restingTopics(): readonly string[] {
    const now = Date.now();
    return [...this.#resting].filter(([, rest]) => rest.until > now).map(([topic]) => topic);
  }
}
