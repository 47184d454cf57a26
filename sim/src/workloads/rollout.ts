// How far a Deployment's rollout may go in one step: pure arithmetic of surge and availability.
import type { Json } from '../json-value.ts';

export interface RolloutState {
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly desired: number;
  readonly maxSurge: Json | undefined;
  readonly maxUnavailable: Json | undefined;
  /** Replicas asked for, and available, of the current template and of all older ones. */
  readonly current: { readonly replicas: number; readonly available: number };
  readonly older: { readonly replicas: number; readonly available: number };
}

export interface RolloutStep {
  readonly currentReplicas: number;
  readonly olderReplicas: number;
}

/** A number as it is, or a percentage of the total in the given direction of rounding. */
export function share(value: Json | undefined, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(typeof value === 'string' ? value : '');
  return percent ? round((Number(percent[1]) * total) / 100) : 0;
}

/** How many replicas may be unavailable; never nothing at all when nothing may be added either. */
export function unavailableLimit(rollout: RolloutState): number {
  if (rollout.strategy === 'Recreate') return rollout.desired;
  const surge = share(rollout.maxSurge, rollout.desired, Math.ceil);
  const unavailable = share(rollout.maxUnavailable, rollout.desired, Math.floor);
  return surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, rollout.desired);
}

/** The next step; when nothing changes, the rollout waits for pods to become available, or is over. */
export function nextStep(rollout: RolloutState): RolloutStep {
  const { desired, current, older } = rollout;
  if (older.replicas === 0) return { currentReplicas: desired, olderReplicas: 0 };
  if (rollout.strategy === 'Recreate') return { currentReplicas: current.replicas, olderReplicas: 0 };
  const ceiling = desired + share(rollout.maxSurge, desired, Math.ceil);
  const room = Math.max(0, ceiling - older.replicas - current.replicas);
  const currentReplicas = Math.min(desired, current.replicas + room);
  const mustStay = desired - unavailableLimit(rollout);
  const unready = older.replicas - older.available;
  const spare = Math.max(0, older.available + current.available - mustStay);
  const olderReplicas = Math.max(0, older.replicas - unready - Math.min(spare, older.available));
  return { currentReplicas, olderReplicas };
}
