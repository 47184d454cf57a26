// Whether a cluster may join, and as what. The one place that knows every way in which a join can be wrong.
import type { Cluster } from './cluster.ts';
import type { JoinToken } from './join-token.ts';
import { isNamePattern, matchesNamePattern, nameProblem } from './resource-name.ts';

/** What the agent sends; its token was looked up already. */
export interface JoinRequest {
  /** Null where the agent leaves it to the token. */
  readonly clusterName: string | null;
  readonly kubeSystemUid: string;
  readonly publicKey: string;
}

/** What is known. The token is not locked: whether a use is left is asked again when it is spent. */
export interface JoinFacts {
  readonly token: JoinToken | undefined;
  /** Every enrolled cluster with the same name, the same kube-system UID or the same key. */
  readonly clusters: readonly Cluster[];
}

export type JoinRefusalCode =
  | 'JOIN_TOKEN_UNKNOWN'
  | 'JOIN_TOKEN_EXPIRED'
  | 'JOIN_TOKEN_USED_UP'
  | 'JOIN_TOKEN_REVOKED'
  | 'CLUSTER_NAME_REQUIRED'
  | 'CLUSTER_NAME_INVALID'
  | 'CLUSTER_NAME_MISMATCH'
  | 'CLUSTER_NAME_TAKEN'
  | 'CLUSTER_KEY_MISMATCH'
  | 'CLUSTER_REVOKED';

/**
 * `AGAIN`: this cluster has joined with this key before, so a lost answer is only given again; `usesToken` tells
 * whether it came with another token than the last time. `REPLACE`: a rebuilt cluster takes the place of `cluster`.
 */
export type JoinDecision =
  | { readonly kind: 'REFUSED'; readonly code: JoinRefusalCode; readonly message: string }
  | { readonly kind: 'AGAIN'; readonly cluster: Cluster; readonly usesToken: boolean }
  | { readonly kind: 'REPLACE'; readonly cluster: Cluster }
  | { readonly kind: 'NEW'; readonly name: string };

type Refused = Extract<JoinDecision, { kind: 'REFUSED' }>;

const refused = (code: JoinRefusalCode, message: string): Refused => ({ kind: 'REFUSED', code, message });

/** Decides a join. */
export function decideJoin({ token, clusters }: JoinFacts, request: JoinRequest, now: Date): JoinDecision {
  if (!token)
    return refused(
      'JOIN_TOKEN_UNKNOWN',
      'This hub did not make this join token; make one with createJoinToken.',
    );
  if (token.revokedAt) return refused('JOIN_TOKEN_REVOKED', 'This join token was revoked; make another one.');
  const known = clusters.find((cluster) => cluster.publicKey === request.publicKey);
  if (known) return decideKnown(known, token, request, now);
  const spent = spentToken(token, now);
  if (spent) return spent;
  const name = nameFor(token, request);
  return typeof name === 'string' ? decideNewKey(name, { token, clusters }, request) : name;
}

function decideKnown(cluster: Cluster, token: JoinToken, request: JoinRequest, now: Date): JoinDecision {
  if (cluster.revokedAt)
    return refused(
      'CLUSTER_REVOKED',
      `Cluster "${cluster.name}" was revoked; delete it, or make a join token that replaces it and let its agent make a new key.`,
    );
  if (cluster.kubeSystemUid !== request.kubeSystemUid)
    return refused(
      'CLUSTER_KEY_MISMATCH',
      `This key belongs to cluster "${cluster.name}", which is another cluster (its kube-system UID differs); let this agent make a key of its own.`,
    );
  const named = request.clusterName ?? cluster.name;
  if (named !== cluster.name)
    return refused(
      'CLUSTER_NAME_MISMATCH',
      `This cluster is enrolled as "${cluster.name}", not as "${named}"; use that name, or delete the cluster first.`,
    );
  if (cluster.joinTokenId === token.id) return { kind: 'AGAIN', cluster, usesToken: false };
  const foreign = spentToken(token, now) ?? mismatch(token, cluster.name);
  return foreign ?? { kind: 'AGAIN', cluster, usesToken: true };
}

function spentToken(token: JoinToken, now: Date): Refused | undefined {
  if (token.expiresAt <= now)
    return refused(
      'JOIN_TOKEN_EXPIRED',
      `This join token expired at ${token.expiresAt.toISOString()}; make another one.`,
    );
  if (token.uses >= token.maxUses)
    return refused(
      'JOIN_TOKEN_USED_UP',
      `This join token was for ${token.maxUses} use(s), and all are spent; make another one.`,
    );
  return undefined;
}

function nameFor(token: JoinToken, { clusterName }: JoinRequest): string | Refused {
  const name = clusterName ?? (isNamePattern(token.clusterName) ? undefined : token.clusterName);
  if (name === undefined)
    return refused(
      'CLUSTER_NAME_REQUIRED',
      `This join token is for clusters called "${token.clusterName}"; the agent must say its cluster's name (FAIRLEAD_CLUSTER_NAME).`,
    );
  const problem = nameProblem('cluster', name);
  if (problem) return refused('CLUSTER_NAME_INVALID', problem);
  return mismatch(token, name) ?? name;
}

function mismatch(token: JoinToken, name: string): Refused | undefined {
  if (matchesNamePattern(token.clusterName, name)) return undefined;
  return refused(
    'CLUSTER_NAME_MISMATCH',
    `This join token is for "${token.clusterName}", not for "${name}".`,
  );
}

function decideNewKey(
  name: string,
  { token, clusters }: { token: JoinToken; clusters: readonly Cluster[] },
  request: JoinRequest,
): JoinDecision {
  const sameUid = clusters.find((cluster) => cluster.kubeSystemUid === request.kubeSystemUid);
  const sameName = clusters.find((cluster) => cluster.name === name);
  if (sameUid && !(token.replaces === sameUid.name && name === sameUid.name))
    return refused(
      'CLUSTER_KEY_MISMATCH',
      `This cluster is enrolled as "${sameUid.name}" with another key. If its agent lost the key, make a join token with replaces: "${sameUid.name}".`,
    );
  if (!sameName) return { kind: 'NEW', name };
  if (token.replaces === name) return { kind: 'REPLACE', cluster: sameName };
  return refused(
    'CLUSTER_NAME_TAKEN',
    `Another cluster is enrolled as "${name}". If this one was rebuilt in its place, make a join token with replaces: "${name}"; else choose another name.`,
  );
}
