// An instance as delivery reads it, as the facts that its explanation is made of.
import type { ConnectionState } from '../clusters/domain/connection-state.ts';
import type { Instance } from '../delivery/domain/instance.ts';
import type { InstanceFacts } from './domain/explain-instance.ts';

/** `connectionState` is the cluster's, at this moment. */
export function toInstanceFacts(instance: Instance, connectionState: ConnectionState): InstanceFacts {
  const { cluster, createdAt, sync, health, message, generation } = instance;
  return {
    cluster,
    connectionState,
    createdAt,
    sync,
    health,
    message,
    lastSeenAt: instance.lastSeenAt ?? undefined,
    assigned: assignedOf(instance),
    assignmentError: instance.assignmentError?.message,
    reported: instance.reportedAt !== null,
    changedAt: instance.changedAt ?? undefined,
    pendingPrune: instance.pendingPruneCount,
    generation: Number(generation),
  };
}

function assignedOf({ releaseNumber, assignedAt, createdAt }: Instance): InstanceFacts['assigned'] {
  return releaseNumber === null ? undefined : { release: releaseNumber, at: assignedAt ?? createdAt };
}
