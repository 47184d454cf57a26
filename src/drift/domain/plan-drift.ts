// What a report changes of what is kept of drift: pure, so that doubled, late and cut reports are tested without any.
import type { EpisodeEnd } from '@fairlead/protocol/drift';
import type { ClosedDrift, DriftEntry, OpenDrift } from '../../delivery/domain/drift-report.ts';

/** An item that is stored as open. */
export interface StoredItem {
  readonly id: bigint;
  readonly episode: string;
  readonly contested: boolean;
}

/** The end of a stored item. */
export interface EndedItem {
  readonly id: bigint;
  readonly closedAt: Date;
  readonly closedBy: EpisodeEnd;
  /** As the agent's last word on it was; absent where it did not say one. */
  readonly healedCount?: number;
}

/** All of it concerns one instance. */
export interface DriftPlan {
  /** To be stored as open: new ones, and stored ones that may have changed. */
  readonly open: readonly OpenDrift[];
  /** Of those, the new ones. */
  readonly opened: readonly OpenDrift[];
  /** Of those, the ones that the agent has given up healing since. */
  readonly contested: readonly OpenDrift[];
  readonly ended: readonly EndedItem[];
  /** The agent's word on those of them that it spoke of. */
  readonly closed: readonly ClosedDrift[];
  /** Began and ended between two reports: history at once, unless it is there already. */
  readonly passed: readonly ClosedDrift[];
}

/** What is told of an entry besides its drift. */
export interface PlanFacts {
  readonly receivedAt: Date;
  readonly isOtherBundle: boolean;
}

/**
 * An episode that is stored and that a whole list does not hold any more has ended, even where the agent forgot to say
 * so: by the other bundle, if there is one, else somebody put it back. From a truncated list nothing follows.
 */
export function planDrift(entry: DriftEntry, stored: readonly StoredItem[], facts: PlanFacts): DriftPlan {
  const closed = new Map(entry.closed.map((drift) => [drift.episode, drift]));
  const open = new Map(
    entry.open.filter(({ episode }) => !closed.has(episode)).map((drift) => [drift.episode, drift]),
  );
  const known = new Map(stored.map((item) => [item.episode, item]));
  const isOpened = ({ episode }: OpenDrift): boolean => !known.has(episode);
  const listed = [...open.values()];
  return {
    open: listed,
    opened: listed.filter(isOpened),
    contested: listed.filter(({ episode, contested }) => contested && known.get(episode)?.contested !== true),
    ended: stored.flatMap((item) => endOf(item, { open, closed, entry, facts })),
    closed: [...closed.values()].filter((drift) => !isOpened(drift)),
    passed: [...closed.values()].filter(isOpened),
  };
}

interface EndFacts {
  readonly open: ReadonlyMap<string, OpenDrift>;
  readonly closed: ReadonlyMap<string, ClosedDrift>;
  readonly entry: DriftEntry;
  readonly facts: PlanFacts;
}

function endOf({ id, episode }: StoredItem, { open, closed, entry, facts }: EndFacts): EndedItem[] {
  const said = closed.get(episode);
  if (said) {
    const { closedAt, closedBy, healedCount } = said;
    return [{ id, closedAt, closedBy, healedCount }];
  }
  if (open.has(episode) || entry.truncated) return [];
  return [{ id, closedAt: facts.receivedAt, closedBy: facts.isOtherBundle ? 'RELEASED' : 'REVERTED' }];
}
