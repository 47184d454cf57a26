import { describe, expect, it } from 'vitest';
import { array, assert, constantFrom, nat, option, property, record } from 'fast-check';
import { UNKNOWN_STATE, type InstanceState } from './instance-state.ts';
import { rollupColumns, rollupDeltas, type InstanceChange } from './rollup.ts';

const slot = { applicationId: 1n, environmentId: 2n };
const healthy: InstanceState = { sync: 'SYNCED', health: 'HEALTHY', driftCount: 0 };

const state = record({
  sync: constantFrom('SYNCED', 'OUT_OF_SYNC', 'SYNCING', 'FAILED', 'UNKNOWN'),
  health: constantFrom('HEALTHY', 'PROGRESSING', 'DEGRADED', 'SUSPENDED', 'MISSING', 'UNKNOWN'),
  driftCount: nat(3),
});

describe('roll-ups', () => {
  it('count a new instance and nothing else of it until it reports', () => {
    const [cluster] = rollupDeltas([
      { clusterId: 7n, slot, before: undefined, after: UNKNOWN_STATE },
    ]).clusters;
    expect(cluster?.counts).toMatchObject({ instances: 1, synced: 0, healthy: 0 });
  });

  it('move one from a column to another', () => {
    const after: InstanceState = { sync: 'FAILED', health: 'DEGRADED', driftCount: 2 };
    const { slots } = rollupDeltas([{ clusterId: 7n, slot, before: healthy, after }]);
    expect(slots[0]).toMatchObject({
      ...slot,
      counts: { instances: 0, synced: -1, failed: 1, healthy: -1, degraded: 1, drifted: 1, driftItems: 2 },
    });
  });

  it('do not touch a row whose counts stay', () => {
    expect(rollupDeltas([{ clusterId: 7n, slot, before: healthy, after: healthy }])).toEqual({
      clusters: [],
      slots: [],
    });
  });

  it('list rows in the order of their ids, so that writers lock them alike', () => {
    const change = (clusterId: bigint): InstanceChange => ({
      clusterId,
      slot,
      before: undefined,
      after: healthy,
    });
    const { clusters } = rollupDeltas([change(10n), change(9n), change(100n)]);
    expect(clusters.map(({ clusterId }) => clusterId)).toEqual([9n, 10n, 100n]);
  });

  it('add up to the same however the changes are split into transactions', () => {
    const change = record({
      before: option(state, { nil: undefined }),
      after: option(state, { nil: undefined }),
    });
    assert(
      property(array(change), (changes) => {
        const all = changes.map((each): InstanceChange => ({ clusterId: 1n, slot, ...each }));
        const total = (parts: readonly InstanceChange[][], column: (typeof rollupColumns)[number]) =>
          parts
            .flatMap((part) => rollupDeltas(part).slots)
            .reduce((sum, { counts }) => sum + counts[column], 0);
        for (const column of rollupColumns) {
          expect(
            total(
              all.map((each) => [each]),
              column,
            ),
          ).toBe(total([all], column));
        }
      }),
    );
  });
});
