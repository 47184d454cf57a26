// "Why is this instance not synced and healthy on the newest release?" Nearest cause first.
import type { Wait, WaitKind } from './wait.ts';

/** What is known of one instance; `sync` is the effective one, already compared with the assignment. */
export interface InstanceFacts {
  readonly cluster: string;
  readonly connectionState: string;
  readonly lastSeenAt?: Date | undefined;
  readonly createdAt: Date;
  readonly assigned?: { readonly release: number; readonly at: Date } | undefined;
  readonly assignmentError?: string | undefined;
  readonly reported: boolean;
  readonly sync: string;
  readonly health: string;
  readonly message: string;
  readonly changedAt?: Date | undefined;
  readonly pendingPrune: number;
  readonly generation: number;
}

/** Reasons of the instance's own; what its slot waits for comes from `slotWaits` and follows them. */
export function instanceWaits(facts: InstanceFacts): Wait[] {
  return [...connectionWaits(facts), ...assignmentWaits(facts), ...syncWaits(facts), ...healthWaits(facts)];
}

/** One sentence of what is, then the reasons. */
export function explainInstance(facts: InstanceFacts, waits: readonly Wait[]): string[] {
  return [stateSentence(facts), ...waits.map((wait) => wait.message)];
}

function stateSentence({ cluster, assigned, sync, health, reported }: InstanceFacts): string {
  if (!assigned) return `Nothing is assigned to ${cluster} yet.`;
  if (!reported)
    return `Release ${assigned.release} is assigned to ${cluster}, which has not reported on it yet.`;
  return `Release ${assigned.release} is assigned to ${cluster}: ${sync}, ${health}.`;
}

function connectionWaits({ cluster, connectionState, lastSeenAt, createdAt }: InstanceFacts): Wait[] {
  if (connectionState === 'ONLINE') return [];
  if (connectionState === 'REVOKED') {
    return [{ kind: 'OFFLINE', message: `Cluster ${cluster} is revoked.`, since: lastSeenAt ?? createdAt }];
  }
  const message = lastSeenAt
    ? `Cluster ${cluster} is ${connectionState}, last heard at ${lastSeenAt.toISOString()}: what is shown is its last word.`
    : `The agent of cluster ${cluster} has never connected.`;
  return [{ kind: 'OFFLINE', message, since: lastSeenAt ?? createdAt }];
}

function assignmentWaits({ cluster, assigned, assignmentError, createdAt }: InstanceFacts): Wait[] {
  if (!assignmentError) return [];
  const message = `The release cannot be rendered for cluster ${cluster}: ${assignmentError}`;
  return [{ kind: 'SOURCE', message, since: assigned?.at ?? createdAt }];
}

function syncWaits(facts: InstanceFacts): Wait[] {
  if (!facts.assigned || facts.sync === 'SYNCED') return [];
  const since = facts.changedAt ?? facts.assigned.at;
  if (facts.pendingPrune > 0) return [{ kind: 'PRUNE', message: pruneMessage(facts), since }];
  const detail = facts.message === '' ? 'its agent has not applied it yet' : facts.message;
  return [{ kind: syncKind(facts.message), message: `On ${facts.cluster}: ${detail}`, since }];
}

// The agent begins what it says of an object with the code of its problem.
function syncKind(message: string): WaitKind {
  return /\b(OWNED_BY_OTHER|ADOPTION_NEEDED):/.test(message) ? 'ADOPTION' : 'APPLY';
}

function pruneMessage({ cluster, pendingPrune, generation }: InstanceFacts): string {
  const objects = pendingPrune === 1 ? '1 object' : `${pendingPrune} objects`;
  return `On ${cluster} the prune guard holds back the removal of ${objects}: approve it with approvePrune for generation ${generation}.`;
}

function healthWaits(facts: InstanceFacts): Wait[] {
  if (!facts.assigned || facts.sync !== 'SYNCED' || facts.health === 'HEALTHY') return [];
  const detail = facts.message === '' ? facts.health : `${facts.health}: ${facts.message}`;
  return [
    {
      kind: 'HEALTH',
      message: `On ${facts.cluster}: ${detail}`,
      since: facts.changedAt ?? facts.assigned.at,
    },
  ];
}
