// Pieces of SQL over clusters: columns, connection state, filter. The state's rule is that of connection-state.ts.
import type { ClusterFilter } from './cluster-store.ts';
import { selectorSql } from './domain/label-selector.ts';

/** Of `c` (cluster) and `r` (cluster_rollup), named as in the domain. */
export const clusterColumns = `c.id, c.name, c.labels, c.kube_system_uid as "kubeSystemUid", c.public_key as "publicKey",
  c.join_token_id as "joinTokenId", c.session, c.kubernetes_version as "kubernetesVersion",
  c.agent_version as "agentVersion", c.accepted_at as "acceptedAt", c.revoked_at as "revokedAt",
  c.deleting_since as "deletingSince", r.last_seen_at as "lastSeenAt", c.created_at as "createdAt"`;

/** The connection state as text; the arguments are the parameters of `onlineSince` and `staleSince`. */
export function stateSql(onlineSince: string, staleSince: string): string {
  return `case when c.revoked_at is not null then 'REVOKED' when r.last_seen_at is null then 'NEVER_CONNECTED'
    when r.last_seen_at > ${onlineSince}::timestamptz then 'ONLINE'
    when r.last_seen_at > ${staleSince}::timestamptz then 'STALE' else 'OFFLINE' end`;
}

/** A condition over `c` and `r`; its parameters begin at `$firstParam`. */
export function clusterFilterSql(
  { selector, states, limits }: ClusterFilter,
  firstParam: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const conditions = ['true'];
  const values: unknown[] = [];
  const param = (value: unknown) => `$${firstParam + values.push(value) - 1}`;
  if (states) {
    const state = stateSql(param(limits.onlineSince), param(limits.staleSince));
    conditions.push(`${state} = any(${param(states)}::text[])`);
  }
  if (selector) {
    const bySelector = selectorSql(selector, 'c.label_kv', firstParam + values.length);
    conditions.push(bySelector.text);
    values.push(...bySelector.values);
  }
  return { text: conditions.join(' and '), values };
}
