// What a running promotion waits for: the targets that are not there yet, grouped by why.
import type { PauseReason } from './promotion.ts';
import type { Wait } from './wait.ts';

/** Why a target is not ready: not applied yet, applied and not healthy, or its cluster is silent. */
export type OpenReason = 'APPLY' | 'HEALTH' | 'OFFLINE';

/** The targets that wait for the same thing; counts and a few examples are enough to explain thousands. */
export interface OpenTargets {
  readonly reason: OpenReason;
  readonly count: number;
  /** At most three, by cluster name. */
  readonly examples: readonly { readonly cluster: string; readonly message: string }[];
  readonly since: Date;
  /** The nearest progress deadline. */
  readonly deadlineAt: Date | null;
}

/** What is known of a running promotion. */
export interface RolloutFacts {
  readonly pauseReasons: readonly PauseReason[];
  readonly open: readonly OpenTargets[];
}

/** One wait per reason; offline targets have no end: they are left out of the count and catch up. */
export function rolloutWaits({ pauseReasons, open }: RolloutFacts): Wait[] {
  const pauses = pauseReasons.map(({ message, since }) => ({ kind: 'PAUSE' as const, message, since }));
  if (pauses.length > 0) return pauses;
  return open.map((group) => {
    const wait = { kind: group.reason, message: messageOf(group), since: group.since };
    return group.deadlineAt && group.reason !== 'OFFLINE' ? { ...wait, until: group.deadlineAt } : wait;
  });
}

const words: Readonly<Record<OpenReason, string>> = {
  APPLY: 'has still to be applied',
  HEALTH: 'is applied and not healthy yet',
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
