// How a change of a cluster's connection reads in activity.
import type { ClusterEvent } from './cluster-events.ts';
import type { ConnectionChange } from './domain/cluster.ts';

const kinds = { ONLINE: 'cluster.online', STALE: 'cluster.stale', OFFLINE: 'cluster.offline' } as const;

/** `undefined` for states that other events tell of (revoked, never connected). */
export function connectionEvent(change: ConnectionChange): ClusterEvent | undefined {
  const { clusterId, name: cluster, from, to, lastSeenAt } = change;
  if (to === 'REVOKED' || to === 'NEVER_CONNECTED') return undefined;
  const message = messageOf(change, lastSeenAt?.toISOString() ?? 'never');
  return { kind: kinds[to], actor: 'fairlead', message, clusterId, cluster, data: { from, to } };
}

/** Of a change to ONLINE. */
export function onlineEvent(change: ConnectionChange & { readonly to: 'ONLINE' }): ClusterEvent {
  const { clusterId, name: cluster, from, to } = change;
  const message = messageOf(change, '');
  return { kind: kinds.ONLINE, actor: 'fairlead', message, clusterId, cluster, data: { from, to } };
}

function messageOf({ name, from, to }: ConnectionChange, heard: string): string {
  if (to === 'ONLINE') {
    return from === 'NEVER_CONNECTED'
      ? `The agent of cluster "${name}" connected for the first time.`
      : `The agent of cluster "${name}" is back; it was ${from}.`;
  }
  return `The agent of cluster "${name}" is ${to}: heard last at ${heard}.`;
}
