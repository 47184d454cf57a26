// Rolling updates: limits kept on the way, for any numbers.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutState } from './rollout.ts';
import { nextStep, share, unavailableLimit } from './rollout.ts';

const count = fc.integer({ min: 0, max: 12 });
const limit = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);

/** Follows a rollout whose new pods all become available after each step. */
function follow(start: RolloutState): RolloutState[] {
  const states = [start];
  let rollout = start;
  for (let turn = 0; turn < 100; turn++) {
    const { currentReplicas, olderReplicas } = nextStep(rollout);
    const isOver = currentReplicas === rollout.current.replicas && olderReplicas === rollout.older.replicas;
    if (isOver) return states;
    rollout = {
      ...rollout,
      current: { replicas: currentReplicas, available: currentReplicas },
      older: { replicas: olderReplicas, available: olderReplicas },
    };
    states.push(rollout);
  }
  throw new Error('the rollout does not end');
}

describe('a rolling update', () => {
  it('ends with all replicas new, and keeps its limits on the way', () => {
    fc.assert(
      fc.property(count, limit, limit, (desired, maxSurge, maxUnavailable) => {
        const start: RolloutState = {
          strategy: 'RollingUpdate',
          desired,
          maxSurge,
          maxUnavailable,
          current: { replicas: 0, available: 0 },
          older: { replicas: desired, available: desired },
        };
        const states = follow(start);
        expect(states.at(-1)).toMatchObject({ current: { replicas: desired }, older: { replicas: 0 } });
        const ceiling = desired + share(maxSurge, desired, Math.ceil);
        for (const { current, older } of states.slice(0, -1)) {
          expect(current.replicas + older.replicas).toBeLessThanOrEqual(Math.max(ceiling, desired));
          expect(current.available + older.available).toBeGreaterThanOrEqual(
            desired - unavailableLimit(start),
          );
        }
      }),
    );
  });

  it('stops at what may be unavailable while new pods do not become ready', () => {
    const broken = {
      strategy: 'RollingUpdate',
      desired: 4,
      maxSurge: '25%',
      maxUnavailable: '25%',
      current: { replicas: 1, available: 0 },
      older: { replicas: 4, available: 4 },
    } as const;
    const first = nextStep(broken);
    expect(first).toEqual({ currentReplicas: 1, olderReplicas: 3 });
    const second = nextStep({ ...broken, older: { replicas: 3, available: 3 } });
    expect(second).toEqual({ currentReplicas: 2, olderReplicas: 3 });
    const third = nextStep({
      ...broken,
      current: { replicas: 2, available: 0 },
      older: { replicas: 3, available: 3 },
    });
    expect(third).toEqual({ currentReplicas: 2, olderReplicas: 3 });
  });
});
