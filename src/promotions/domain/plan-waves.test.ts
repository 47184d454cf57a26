import {
  array,
  assert,
  bigInt,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  uniqueArray,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStep, sampleWave } from '../../../test/support/sample-promotion.ts';
import type { WaveRule } from '../../policies/domain/policy-step.ts';
import { catchUpWave, planWaves, waveOfJoined, wavesOf, type OpenWave } from './plan-waves.ts';

const fleet = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: BigInt(index + 1), labels: {} }));
const byId = (a: bigint, b: bigint): number => Number(a - b);
const sizes = (rules: readonly WaveRule[], count: number) =>
  planWaves(rules, fleet(count)).map(({ clusterIds }) => clusterIds.length);

describe('the waves of a step', () => {
  it('take a count, cumulative shares rounded up, and what remains', () => {
    const rules = [
      sampleWave('canary', { count: 1 }),
      sampleWave('quarter', { percent: 25 }),
      sampleWave('half', { percent: 50 }),
      sampleWave('rest'),
    ];
    expect(sizes(rules, 10)).toEqual([1, 2, 2, 5]);
    expect(sizes(rules, 1_000)).toEqual([1, 249, 250, 500]);
    expect(sizes(rules, 3)).toEqual([1, 0, 1, 1]);
    expect(sizes(rules, 1)).toEqual([1, 0, 0, 0]);
  });

  it('take whom a selector matches, and each cluster once, in the first wave that takes it', () => {
    const clusters = [
      { id: 3n, labels: { tier: 'canary' } },
      { id: 1n, labels: {} },
      { id: 2n, labels: { tier: 'canary' } },
    ];
    const rules = [
      sampleWave('first', { count: 1 }),
      sampleWave('canary', { selector: 'tier=canary' }),
      sampleWave('rest'),
    ];
    expect(planWaves(rules, clusters).map(({ clusterIds }) => clusterIds)).toEqual([[1n], [2n, 3n], []]);
  });

  it('are one of all clusters where none are given, and one as wide as the last for a rollback', () => {
    expect(wavesOf(sampleStep(), 'FORWARD')).toMatchObject([{ name: 'all' }]);
    const waves = [
      sampleWave('canary', { count: 1, bakeMs: 5 }),
      sampleWave('rest', { maxConcurrent: 7, bakeMs: 5 }),
    ];
    expect(wavesOf(sampleStep({ waves }), 'ROLLBACK')).toMatchObject([
      { name: 'rollback', maxConcurrent: 7, bakeMs: 0, count: null },
    ]);
  });

  it('leave no cluster out and take none twice, whatever the last but open wave is preceded by', () => {
    const labels = record({ tier: constantFrom('a', 'b') });
    const clusters = uniqueArray(record({ id: bigInt({ min: 1n, max: 500n }), labels }), {
      selector: ({ id }) => id,
      maxLength: 60,
    });
    const rule = oneof(
      integer({ min: 1, max: 30 }).map((count) => sampleWave('count', { count })),
      integer({ min: 1, max: 100 }).map((percent) => sampleWave('percent', { percent })),
      constantFrom('tier=a', 'tier!=a').map((selector) => sampleWave('selector', { selector })),
    );
    assert(
      property(array(rule, { maxLength: 5 }), clusters, (rules, all) => {
        const planned = planWaves([...rules, sampleWave('rest')], all).flatMap(
          ({ clusterIds }) => clusterIds,
        );
        expect(planned.toSorted(byId)).toEqual(all.map(({ id }) => id).toSorted(byId));
        const reversed = planWaves([...rules, sampleWave('rest')], all.toReversed());
        expect(reversed).toEqual(planWaves([...rules, sampleWave('rest')], all));
      }),
    );
  });

  it('never take more than their share', () => {
    assert(
      property(
        uniqueArray(integer({ min: 1, max: 100 }), { maxLength: 5 }),
        integer({ min: 0, max: 300 }),
        (shares, count) => {
          const percents = shares.toSorted((a, b) => a - b);
          let taken = 0;
          const taking = sizes(
            percents.map((percent) => sampleWave('p', { percent })),
            count,
          );
          for (const [index, percent] of percents.entries()) {
            taken += taking[index] ?? 0;
            expect(taken).toBe(Math.ceil((percent * count) / 100));
          }
        },
      ),
    );
  });
});

describe('a cluster that joins a rollout', () => {
  const open = (rule: WaveRule, state: OpenWave['state'], size: number): OpenWave => ({ rule, state, size });
  const cluster = { id: 9n, labels: { tier: 'canary' } };

  it('goes to the first wave that has not started and takes it', () => {
    const waves = [
      open(sampleWave('canary', { selector: 'tier=canary' }), 'PASSED', 1),
      open(sampleWave('half', { percent: 50 }), 'PENDING', 1),
      open(sampleWave('rest'), 'PENDING', 2),
    ];
    expect(waveOfJoined(waves, cluster, 5)).toBe(1);
    expect(waveOfJoined(waves, cluster, 4)).toBe(2);
  });

  it('needs a catch-up wave when all that could take it have started', () => {
    const waves = [
      open(sampleWave('canary', { count: 1 }), 'PASSED', 1),
      open(sampleWave('rest'), 'IN_PROGRESS', 3),
    ];
    expect(waveOfJoined(waves, cluster, 5)).toBeUndefined();
    const rule = sampleWave('rest', { maxConcurrent: 2, bakeMs: 60, selector: 'tier=x' });
    expect(catchUpWave([rule])).toMatchObject({
      name: 'catch-up',
      selector: null,
      maxConcurrent: 2,
      bakeMs: 60,
    });
  });
});
