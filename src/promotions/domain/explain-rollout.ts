// What a running promotion waits for: its pauses, the targets that are not there yet, grouped by why, what the next wave
// waits for, and the verification that is still being asked.
import type { PauseReason } from './promotion.ts';
import type { Wait } from './wait.ts';

/**
 * Why a target is not done: not applied yet, applied and not healthy, healthy and not for long enough, or its cluster is
 * silent.
 */
export type OpenReason = 'APPLY' | 'HEALTH' | 'BAKE' | 'OFFLINE';

/** The targets that wait for the same thing; counts and a few examples are enough to explain thousands. */
export interface OpenTargets {
  readonly reason: OpenReason;
  readonly count: number;
  /** At most three, by cluster name. */
  readonly examples: readonly { readonly cluster: string; readonly message: string }[];
  readonly since: Date;
  /** The nearest progress deadline; for a bake its end. */
  readonly deadlineAt: Date | null;
}

/** A check that has not ended. */
export interface RunningCheck {
  readonly message: string;
  readonly since: Date;
  readonly deadlineAt: Date;
}

/** What is known of a running promotion. */
export interface RolloutFacts {
  readonly pauseReasons: readonly PauseReason[];
  readonly open: readonly OpenTargets[];
  /** What the gates of the next wave wait for. */
  readonly next: readonly Wait[];
  readonly checks: readonly RunningCheck[];
}

/** A pause alone while it lasts; else one wait per reason. Offline targets have no end: they catch up. */
export function rolloutWaits({ pauseReasons, open, next, checks }: RolloutFacts): Wait[] {
  const pauses = pauseReasons.map(({ message, since }) => ({ kind: 'PAUSE' as const, message, since }));
  if (pauses.length > 0) return pauses;
  const verifications = checks.map(({ message, since, deadlineAt }) => ({
    kind: 'VERIFICATION' as const,
    message,
    since,
    until: deadlineAt,
  }));
  return [...open.map(openWait), ...verifications, ...next];
}

function openWait(group: OpenTargets): Wait {
  const wait = { kind: group.reason, message: messageOf(group), since: group.since };
  return group.deadlineAt && group.reason !== 'OFFLINE' ? { ...wait, until: group.deadlineAt } : wait;
}

const words: Readonly<Record<OpenReason, string>> = {
  APPLY: 'has still to be applied',
  HEALTH: 'is applied and not healthy',
  BAKE: 'is healthy and must stay so for a while',
  OFFLINE: 'waits for an agent that is offline; it will catch up',
};

function messageOf({ reason, count, examples }: OpenTargets): string {
  const clusters = count === 1 ? '1 cluster' : `${count} clusters`;
  const named = examples.map(({ cluster, message }) =>
    message === '' ? cluster : `${cluster} (${message})`,
  );
  const more = count > named.length ? '; …' : '';
  return `On ${clusters} the release ${words[reason]}: ${named.join('; ')}${more}`;
}
