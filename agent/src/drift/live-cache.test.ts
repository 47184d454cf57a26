import { describe, expect, it } from 'vitest';
import type { UserRule } from '@fairlead/health/user-rules/user-rule';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { HealthJudge } from './health-judge.ts';
import { LiveCache, type LiveChange } from './live-cache.ts';
import { kindKey } from './watch-set.ts';

const ID = '/ConfigMap/n/a';
const object = (resourceVersion: number, uid = 'u', instance = 'me'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'n',
    uid,
    resourceVersion: String(resourceVersion),
    labels: { 'fairlead.dev/instance': instance },
  },
});
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const newCache = () => {
  const time = { nowMs: Date.parse('2026-03-01T14:00:00Z') };
  const clock: Clock = { now: () => time.nowMs, after: () => quiet };
  const ready: (() => void)[] = [];
  const judge = new HealthJudge({ clock, log, onChange: () => ready.shift()?.() });
  const rulesReady = () => new Promise<void>((resolve) => ready.push(resolve));
  const cache = new LiveCache(judge, () => time.nowMs);
  const changes: LiveChange[] = [];
  cache.onChange((change) => changes.push(change));
  return { cache, changes, judge, rulesReady, time };
};

it('keeps the newest version, whatever the order in which versions are told', () => {
  const { cache, changes } = newCache();
  cache.put(object(5));
  cache.put(object(3));
  cache.put(object(5));
  expect([cache.get(ID)?.resourceVersion, changes.length]).toEqual([5, 1]);
});

it('does not drop an object for a removal that is older than its new making', () => {
  const { cache } = newCache();
  cache.put(object(5, 'first'));
  cache.put(object(9, 'second'));
  cache.drop(ID, 7);
  expect(cache.get(ID)?.uid).toBe('second');
  cache.drop(ID, 12);
  expect(cache.get(ID)).toBeUndefined();
});

it('does not bring back what is gone when an older answer is late, and takes what was made anew', () => {
  const { cache, changes } = newCache();
  cache.put(object(5));
  cache.drop(ID, 7);
  cache.put(object(6));
  cache.putApplied(object(5));
  expect([cache.get(ID), changes.length]).toEqual([undefined, 2]);
  cache.put(object(8, 'another'));
  expect(cache.get(ID)?.uid).toBe('another');
});

it('becomes what a list says, without losing what was written after it', () => {
  const { cache } = newCache();
  const other = { ...object(4), metadata: { ...object(4).metadata, name: 'b' } };
  cache.put(other);
  cache.put(object(20));
  cache.reconcile(() => true, [], 10);
  expect([cache.get('/ConfigMap/n/b'), cache.get(ID)?.resourceVersion]).toEqual([undefined, 20]);
});

describe('what the pods of a workload told', () => {
  const deployment = (resourceVersion: number, ready: number, generation = 1): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'd',
      namespace: 'n',
      uid: 'u',
      generation,
      resourceVersion: String(resourceVersion),
    },
    spec: { replicas: 1 },
    status: {
      observedGeneration: generation,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: ready,
      availableReplicas: ready,
      ...(ready === 0 && { unavailableReplicas: 1 }),
    },
  });
  const crashing: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { 'pod-template-hash': '1' } },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'c', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    },
  };
  const judgedOnce = () => {
    const { cache } = newCache();
    const { id } = cache.put(deployment(1, 0));
    cache.judge(deployment(1, 0), [crashing]);
    return { cache, health: () => cache.get(id)?.health.health };
  };

  it('is kept while the object alone only says that it is on its way', () => {
    const { cache, health } = judgedOnce();
    cache.put(deployment(2, 0));
    expect(health()).toBe('DEGRADED');
    cache.put(deployment(3, 1));
    expect(health()).toBe('HEALTHY');
  });

  it('does not keep a workload healthy that is on its way again', () => {
    const { cache } = newCache();
    const { id } = cache.put(deployment(1, 0));
    cache.judge(deployment(2, 1), []);
    expect(cache.get(id)?.health.health).toBe('HEALTHY');
    cache.put(deployment(3, 0));
    expect(cache.get(id)?.health.health).toBe('PROGRESSING');
  });

  it('speaks of one specification, and not of the one that mends it', () => {
    const { cache, health } = judgedOnce();
    cache.put(deployment(2, 0, 2));
    expect(health()).toBe('PROGRESSING');
  });

  it('is passed over where it was told of an older version than is known', () => {
    const { cache, health } = judgedOnce();
    cache.put(deployment(5, 1));
    cache.judge(deployment(4, 0), [crashing]);
    expect(health()).toBe('HEALTHY');
  });
});

const order = (resourceVersion: number, status: object): KubernetesObject => ({
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: {
    name: 'o',
    namespace: 'n',
    uid: 'u-o',
    resourceVersion: String(resourceVersion),
    labels: { 'fairlead.dev/instance': 'me' },
  },
  status,
});
const ready = (status: string) => ({ conditions: [{ type: 'Ready', status, reason: 'Checked' }] });

describe('an object whose controller writes no generation', () => {
  it('is not healthy by what its status said before our apply, until it says it again or a while has passed', () => {
    const { cache, time } = newCache();
    const { id } = cache.put(order(1, ready('True')));
    expect(cache.get(id)?.health.health).toBe('HEALTHY');
    // The watch may tell of our own write before its answer does.
    cache.put(order(2, ready('True')));
    cache.putApplied(order(2, ready('True')));
    const { health, recheckAtMs } = cache.get(id)?.health ?? {};
    expect([health, recheckAtMs]).toEqual(['PROGRESSING', time.nowMs + 10_000]);
    time.nowMs += 10_000;
    cache.judge(order(2, ready('True')));
    expect(cache.get(id)?.health.health).toBe('HEALTHY');
  });

  it('is healthy as soon as its status is written again', () => {
    const { cache } = newCache();
    const { id } = cache.putApplied(order(2, ready('True')));
    expect(cache.get(id)?.health.health).toBe('PROGRESSING');
    cache.put(order(3, ready('True')));
    expect(cache.get(id)?.health.health).toBe('HEALTHY');
  });
});

describe('since when an object is what it is', () => {
  it('stays while the word stays, and begins anew with another', () => {
    const { cache, time } = newCache();
    const { id } = cache.putApplied(order(1, ready('False')));
    const startedMs = time.nowMs;
    time.nowMs += 5_000;
    cache.put(order(2, ready('False')));
    expect(cache.get(id)?.sinceMs).toBe(startedMs);
    cache.put(order(3, ready('True')));
    expect(cache.get(id)?.sinceMs).toBe(startedMs + 5_000);
  });

  it('is the newest change of its conditions where nobody saw it begin, or is not told', () => {
    const { cache } = newCache();
    const conditions = ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z', 'never', undefined].map(
      (lastTransitionTime) => ({ type: 'Ready', status: 'False', lastTransitionTime }),
    );
    expect(cache.put(order(1, { conditions })).sinceMs).toBe(Date.parse('2026-01-03T00:00:00Z'));
    expect(cache.put({ ...order(2, ready('False')), kind: 'Parcel' }).sinceMs).toBeUndefined();
  });
});

describe('health rules that change', () => {
  const rule = (health: string): UserRule[] => [
    {
      group: 'shop.example',
      kinds: ['Order'],
      cases: [{ when: { field: 'kind', exists: true }, health: health as 'HEALTHY' }],
    },
  ];

  it('make what they judged outdated, and the same version is then judged anew', async () => {
    const { cache, judge, rulesReady } = newCache();
    const { id } = cache.put(order(1, {}));
    const parcel = cache.put({ ...order(1, {}), kind: 'Parcel' });
    const isReady = rulesReady();
    judge.setRulesOfHub(rule('DEGRADED'));
    await isReady;
    expect(cache.outdatedKinds(kindKey).map(({ kind }) => kind)).toEqual(['Order']);
    expect(cache.isOutdated(parcel)).toBe(false);
    cache.put(order(1, {}));
    expect([cache.get(id)?.health.health, cache.outdatedKinds(kindKey)]).toEqual(['DEGRADED', []]);
  });

  it('and rules that stay as they are do not', async () => {
    const { cache, judge, rulesReady } = newCache();
    const isReady = rulesReady();
    judge.setRulesOfInstance('me', rule('SUSPENDED'));
    await isReady;
    const live = cache.put(order(1, {}));
    judge.setRulesOfInstance('me', rule('SUSPENDED'));
    expect([live.health.health, cache.isOutdated(live)]).toEqual(['SUSPENDED', false]);
  });
});
