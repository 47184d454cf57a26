// What every fan-out must do, whichever broker carries it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PubSub, Topics } from '../../src/platform/pubsub/pub-sub.ts';
import { until } from '../support/until.ts';

/** A broker under test: any number of replicas on it, and a way to break their connections. */
export interface PubSubBroker {
  replica(): Promise<PubSub & { close(): Promise<void> }>;
  cutConnections(): Promise<void>;
  stop(): Promise<void>;
}

type Replica = Awaited<ReturnType<PubSubBroker['replica']>>;

/** Declares the suite. */
export function pubSubContract(start: () => Promise<PubSubBroker>): void {
  let broker: PubSubBroker;
  let [a, b]: (Replica | undefined)[] = [];
  const replicas = (): [Replica, Replica] => {
    if (!a || !b) throw new Error('not started');
    return [a, b];
  };

  beforeAll(async () => {
    broker = await start();
    [a, b] = [await broker.replica(), await broker.replica()];
  });
  afterAll(async () => {
    await a?.close();
    await b?.close();
    await broker.stop();
  });

  describe('fan-out', () => {
    it('reaches every replica, the publisher included, and only those who asked for the topic', async () => {
      const [one, two] = replicas();
      const heard: string[] = [];
      const ends = [
        one.subscribe('instances.changed', ({ instanceIds }) => heard.push(`one ${instanceIds.join()}`)),
        two.subscribe('instances.changed', ({ instanceIds }) => heard.push(`two ${instanceIds.join()}`)),
        two.subscribe('clusters.changed', () => heard.push('wrong topic')),
      ];
      await one.publish('instances.changed', { instanceIds: ['7', '8'] });
      await until('both replicas', () => heard.length >= 2);
      expect(heard.sort()).toEqual(['one 7,8', 'two 7,8']);
      ends.forEach((end) => end());
    });

    it('keeps the order of one publisher', async () => {
      const [one, two] = replicas();
      const heard: string[] = [];
      const end = two.subscribe('clusters.changed', ({ clusterIds }) => heard.push(...clusterIds));
      const sent = Array.from({ length: 50 }, (_, n) => String(n));
      for (const id of sent) await one.publish('clusters.changed', { clusterIds: [id] });
      await until('all messages', () => heard.length === sent.length);
      expect(heard).toEqual(sent);
      end();
    });

    it('carries a message of any size, in parts', async () => {
      const [one, two] = replicas();
      const clusters = Array.from({ length: 10_000 }, (_, n): [string, number] => [String(1_000_000 + n), n]);
      const heard: Topics['agents.ring']['clusters'][number][] = [];
      const end = two.subscribe('agents.ring', (message) => heard.push(...message.clusters));
      await one.publish('agents.ring', { clusters });
      await until('every cluster', () => heard.length === clusters.length);
      expect(heard).toEqual(clusters);
      end();
    });

    it('says nothing more to who has left, and goes on when a listener throws', async () => {
      const [one, two] = replicas();
      const heard: string[] = [];
      const end = two.subscribe('slots.changed', () => heard.push('left'));
      const ends = [
        two.subscribe('slots.changed', () => {
          throw new Error('a listener that fails');
        }),
        two.subscribe('slots.changed', () => heard.push('stayed')),
      ];
      end();
      await one.publish('slots.changed', { slots: [['1', '2']] });
      await until('the one who stayed', () => heard.length > 0);
      expect(heard).toEqual(['stayed']);
      ends.forEach((stop) => stop());
    });

    it('comes back after its connections were cut, says resync, and never throws at who publishes', async () => {
      const [one, two] = replicas();
      const heard: string[] = [];
      let resyncs = 0;
      const ends = [
        two.onResync(() => resyncs++),
        two.subscribe('promotions.changed', ({ promotionIds }) => heard.push(...promotionIds)),
      ];
      await broker.cutConnections();
      await one.publish('promotions.changed', { promotionIds: ['during'] });
      await until('a resync', () => resyncs > 0);
      await until('a message after it', async () => {
        await one.publish('promotions.changed', { promotionIds: ['after'] });
        return heard.includes('after');
      });
      ends.forEach((end) => end());
    });
  });
}
