// What a decided join does to the database: a new cluster, a rebuilt one in its old place, or the same one again.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { ClusterCredentials } from './cluster-credentials.ts';
import { ClusterEvents, type ClusterEvent } from './cluster-events.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { ClusterStore, type ClusterIdentity } from './cluster-store.ts';
import { FleetMembership, followOrRefuse } from './fleet-membership-port.ts';
import { JoinTokenStore } from './join-token-store.ts';
import { agentActor } from './domain/agent-principal.ts';
import type { Cluster } from './domain/cluster.ts';
import type { JoinDecision, JoinFacts, JoinRequest } from './domain/join-decision.ts';
import type { JoinToken } from './domain/join-token.ts';

/** Who the joining cluster says it is, checked for form. */
export interface JoinIdentity extends JoinRequest {
  readonly agentVersion: string | null;
  readonly kubernetesVersion: string | null;
}

/** A join and its time. */
interface Join extends JoinIdentity {
  readonly at: Date;
}

/**
 * What was decided by is no longer so: another join for the name, the key or the UID was committed (perhaps this very
 * one, asked twice), or the token was spent or revoked.
 */
export class OvertakenJoin extends Error {
  override readonly name = 'OvertakenJoin';

  constructor(cluster: string) {
    super(`Another cluster has just joined as "${cluster}", or with this one's key or UID.`);
  }
}

type Allowed = Exclude<JoinDecision, { kind: 'REFUSED' }>;

@Injectable()
export class Enrolments {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly tokens: JoinTokenStore,
    private readonly events: ClusterEvents,
    private readonly credentials: ClusterCredentials,
    private readonly sockets: ClusterSockets,
    private readonly fleet: FleetMembership,
  ) {}

  /** Locks every cluster that the joining one may be. */
  async readFacts(tx: Transaction, tokenHash: Buffer, identity: JoinIdentity): Promise<JoinFacts> {
    const token = await this.tokens.findByHash(tx, tokenHash);
    if (!token) return { token, clusters: [] };
    const name = identity.clusterName ?? token.clusterName;
    return { token, clusters: await this.clusters.lockKin(tx, { ...identity, name }) };
  }

  /** Throws `OvertakenJoin` where the facts were overtaken: read them anew. */
  async carryOut(tx: Transaction, decision: Allowed, token: JoinToken, join: Join): Promise<Cluster> {
    const cluster = await this.enrol(tx, decision, token, join);
    const isSpent = decision.kind !== 'AGAIN' || decision.usesToken;
    if (isSpent && !(await this.tokens.spend(tx, token.id, join.at))) throw new OvertakenJoin(cluster.name);
    return cluster;
  }

  private async enrol(tx: Transaction, decision: Allowed, token: JoinToken, join: Join): Promise<Cluster> {
    switch (decision.kind) {
      case 'NEW':
        return this.addCluster(tx, decision.name, token, join);
      case 'REPLACE':
        return this.replaceCluster(tx, decision.cluster, token, join);
      case 'AGAIN':
        if (decision.usesToken) await this.joinAgain(tx, decision.cluster, token);
        return decision.cluster;
    }
  }

  private async addCluster(tx: Transaction, name: string, token: JoinToken, join: Join): Promise<Cluster> {
    const acceptedAt = token.autoAccept ? join.at : null;
    const { labels } = token;
    const cluster = await this.clusters.insert(tx, { ...toIdentity(token, join), name, labels, acceptedAt });
    if (!cluster) throw new OvertakenJoin(name);
    const waits = acceptedAt ? '' : '; it waits for acceptCluster';
    const message = `Cluster "${name}" joined with a join token of ${token.createdBy}${waits}.`;
    await this.recordJoin(tx, cluster, { message });
    if (acceptedAt) await followOrRefuse(this.fleet, tx, { clusterIds: [cluster.id] }, { prune: false });
    return cluster;
  }

  private async replaceCluster(
    tx: Transaction,
    cluster: Cluster,
    token: JoinToken,
    join: Join,
  ): Promise<Cluster> {
    await this.clusters.replace(tx, cluster.id, toIdentity(token, join), join.at);
    await this.credentials.end(tx, cluster.id);
    const message = `A rebuilt cluster took the place of "${cluster.name}" with a join token of ${token.createdBy}.`;
    const data = { replacedKubeSystemUid: cluster.kubeSystemUid, kubeSystemUid: join.kubeSystemUid };
    await this.recordJoin(tx, cluster, { message, data });
    await this.fleet.forgetReports(tx, cluster.id);
    await followOrRefuse(this.fleet, tx, { clusterIds: [cluster.id] }, { prune: false });
    tx.afterCommit(() => this.sockets.closeFormer(cluster, `"${cluster.name}" was rebuilt elsewhere`));
    return cluster;
  }

  private async joinAgain(tx: Transaction, cluster: Cluster, token: JoinToken): Promise<void> {
    await this.clusters.setJoinToken(tx, cluster.id, token.id);
    const message = `Cluster "${cluster.name}" joined again, with the key it had and a join token of ${token.createdBy}.`;
    await this.recordJoin(tx, cluster, { message });
  }

  /** Every join that is more than an answer given again is told. */
  private async recordJoin(
    tx: Transaction,
    cluster: Cluster,
    event: Pick<ClusterEvent, 'message' | 'data'>,
  ): Promise<void> {
    const who = { clusterId: cluster.id, cluster: cluster.name, actor: agentActor(cluster) };
    await this.events.record(tx, [{ kind: 'cluster.joined', ...who, ...event }]);
  }
}

function toIdentity(token: JoinToken, identity: JoinIdentity): ClusterIdentity {
  const { kubeSystemUid, publicKey, kubernetesVersion, agentVersion } = identity;
  return { kubeSystemUid, publicKey, kubernetesVersion, agentVersion, joinTokenId: token.id };
}
