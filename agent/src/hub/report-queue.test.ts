import type { ReportedDrift } from '@fairlead/protocol/drift';
import { describe, expect, it } from 'vitest';
import { MAX_KEPT_EPISODES } from './ended-episodes.ts';
import { ReportQueue } from './report-queue.ts';
import type { HashedReport } from './sent-report.ts';

function report(instance: string, contentHash: string, bytes = 100): HashedReport {
  const words = { sync: 'SYNCED' as const, health: 'HEALTHY' as const, message: '', driftCount: 0 };
  const lists = { objects: [], truncated: false, pendingPrune: [] };
  return { instance, contentHash, bytes, generation: 1, bundle: 'b', ...words, ...lists };
}

function episode(id: string): ReportedDrift {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };
  const seen = { firstSeenAt: '2026-01-01T00:00:00Z', healedCount: 1, contested: false };
  return {
    ...ref,
    ...seen,
    episode: id,
    type: 'MODIFIED',
    masked: false,
    managerClass: 'PERSON',
    closedBy: 'HEALED',
  };
}

const ALL = { entries: 10, bytes: 1_000_000 };

function hashes(queue: ReportQueue, limit = ALL): string[] {
  return queue.next(limit).map(({ contentHash }) => contentHash);
}

describe('the queue of reports', () => {
  it('holds the last state of each instance only', () => {
    const queue = new ReportQueue();
    for (const hash of ['one', 'two', 'three']) queue.put(report('a', hash));
    queue.put(report('b', 'four'));
    expect(hashes(queue)).toEqual(['three', 'four']);
  });

  it('gives the same again until it is acknowledged', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    const sent = queue.next(ALL);
    expect(hashes(queue)).toEqual(['one']);
    queue.acknowledge(sent);
    expect(queue.isEmpty).toBe(true);
  });

  it('keeps what changed while an older state was under way', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    const sent = queue.next(ALL);
    queue.put(report('a', 'two'));
    queue.acknowledge(sent);
    expect(hashes(queue)).toEqual(['two']);
  });

  it('says nothing where a state came back to what the hub knows', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    queue.acknowledge(queue.next(ALL));
    expect(queue.put(report('a', 'two'))).toBe(true);
    expect(queue.put(report('a', 'one'))).toBe(false);
  });

  it('tells a state again that came back while another one was under way, whether or not that is answered', () => {
    for (const isAnswered of [true, false]) {
      const queue = new ReportQueue();
      queue.put(report('a', 'well'));
      queue.acknowledge(queue.next(ALL));
      queue.put(report('a', 'ill'));
      const sent = queue.next(ALL);
      expect(queue.put(report('a', 'well'))).toBe(true);
      if (isAnswered) queue.acknowledge(sent);
      expect(hashes(queue)).toEqual(['well']);
    }
  });

  it('gives no more than is asked for, and a busy instance does not hold up another', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    queue.put(report('b', 'two'));
    queue.put(report('a', 'three'));
    queue.acknowledge(queue.next({ ...ALL, entries: 1 }));
    queue.put(report('a', 'four'));
    expect(hashes(queue, { ...ALL, entries: 1 })).toEqual(['two']);
  });

  it('fills a message only so far, and sends alone what is larger by itself', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'small', 400));
    queue.put(report('b', 'large', 700));
    queue.put(report('c', 'huge', 5_000));
    const limit = { entries: 10, bytes: 1_000 };
    for (const expected of ['small', 'large', 'huge']) {
      expect(hashes(queue, limit)).toEqual([expected]);
      queue.acknowledge(queue.next(limit));
    }
  });

  it('tells everything again to a hub that may have forgotten it', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    queue.acknowledge(queue.next(ALL));
    queue.repeatAll();
    expect(hashes(queue)).toEqual(['one']);
    queue.forget('a');
    expect(queue.isEmpty).toBe(true);
  });

  it('tells each episode that ended until the hub has it, and a state with it is another report', () => {
    const queue = new ReportQueue();
    queue.put(report('a', 'one'));
    queue.acknowledge(queue.next(ALL));
    queue.end('a', episode('first'));
    const [sent] = queue.next(ALL);
    expect(sent?.drift?.map(({ episode: id }) => id)).toEqual(['first']);
    expect(sent?.contentHash).not.toBe('one');
    queue.end('a', episode('second'));
    queue.acknowledge(sent ? [sent] : []);
    const [next] = queue.next(ALL);
    expect(next?.drift?.map(({ episode: id }) => id)).toEqual(['second']);
    queue.acknowledge(next ? [next] : []);
    expect([queue.isEmpty, queue.put(report('a', 'one'))]).toEqual([true, false]);
  });

  it('says nothing more where only the episodes of the last report were told', () => {
    const queue = new ReportQueue();
    queue.end('a', episode('early'));
    expect(queue.isEmpty).toBe(true);
    queue.put(report('a', 'one'));
    queue.acknowledge(queue.next(ALL));
    expect(queue.isEmpty).toBe(true);
  });

  it('begins with what an earlier life could not tell, and keeps the newest of too many', () => {
    const queue = new ReportQueue(new Map([['a', [episode('kept')]]]));
    queue.put(report('a', 'one'));
    expect(queue.next(ALL)[0]?.drift?.map(({ episode: id }) => id)).toEqual(['kept']);
    const dropped = Array.from({ length: MAX_KEPT_EPISODES }, (_, n) => queue.end('a', episode(`${n}`)));
    expect(dropped.filter(Boolean)).toHaveLength(1);
    expect(queue.ended().get('a')).toHaveLength(MAX_KEPT_EPISODES);
  });
});
