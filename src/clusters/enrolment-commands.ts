// A cluster joins: carries out what join-decision.ts decides, in one transaction with its credential.
import { Injectable } from '@nestjs/common';
import { hashBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { invalid } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { ClusterCredentials, type IssuedCredential } from './cluster-credentials.ts';
import { canonicalPublicKey, readPublicKey } from './ed25519.ts';
import { FleetLock } from './fleet-lock-port.ts';
import { Enrolments, OvertakenJoin, type JoinIdentity } from './enrolments.ts';
import type { Cluster } from './domain/cluster.ts';
import { decideJoin, type JoinDecision } from './domain/join-decision.ts';
import type { JoinToken } from './domain/join-token.ts';

const ATTEMPTS = 3;

/** What an agent sends to join. */
export interface JoinInput extends JoinIdentity {
  /** The join token's secret. */
  readonly token: string;
}

/** What it gets: who it is now, and the credential that says so. */
export interface JoinedCluster extends IssuedCredential {
  readonly cluster: Cluster;
}

@Injectable()
export class EnrolmentCommands {
  constructor(
    private readonly database: Database,
    private readonly lock: FleetLock,
    private readonly enrolments: Enrolments,
    private readonly credentials: ClusterCredentials,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** A lost answer is given again to the same key; every other way to be wrong is a refusal with a code of its own. */
  async join(input: JoinInput): Promise<JoinedCluster | Refusal> {
    const identity = checkedIdentity(input);
    const hash = hashBearerToken(input.token);
    return refusable(() => this.joinUntilDecided(hash, identity));
  }

  /** Joins at one moment do not wait for one another; whoever comes second reads what the first one wrote. */
  private async joinUntilDecided(
    tokenHash: Buffer,
    identity: JoinIdentity,
    attempt = 1,
  ): Promise<JoinedCluster> {
    try {
      return await this.database.transaction((tx) => this.joinOnce(tx, tokenHash, identity));
    } catch (error) {
      if (!(error instanceof OvertakenJoin)) throw error;
      if (attempt >= ATTEMPTS) throw new Refused(refuse('CLUSTER_NAME_TAKEN', error.message));
      return this.joinUntilDecided(tokenHash, identity, attempt + 1);
    }
  }

  private async joinOnce(tx: Transaction, tokenHash: Buffer, identity: JoinIdentity): Promise<JoinedCluster> {
    await this.lock.take(tx, 'ONE_CLUSTER');
    const at = this.clock.now();
    const { token, clusters } = await this.enrolments.readFacts(tx, tokenHash, identity);
    const decision = decideJoin({ token, clusters }, identity, at);
    if (!token || decision.kind === 'REFUSED') return this.refuseJoin(decision, token, identity);
    const cluster = await this.enrolments.carryOut(tx, decision, token, { ...identity, at });
    return { cluster, ...(await this.credentials.issue(tx, cluster.id)) };
  }

  private refuseJoin(decision: JoinDecision, token: JoinToken | undefined, identity: JoinIdentity): never {
    if (decision.kind !== 'REFUSED') throw new Error('A join without a token must have been refused.');
    const { code, message } = decision;
    const cluster = identity.clusterName ?? token?.clusterName ?? 'unnamed';
    this.log.warn('a cluster was not let in', { cluster, code, joinToken: token?.id.toString() });
    throw new Refused(refuse(code, message));
  }
}

function checkedIdentity({ token, ...identity }: JoinInput): JoinIdentity {
  const key = readPublicKey(identity.publicKey);
  const problems = [
    token.length > 0 && token.length <= 200 ? undefined : 'token: the secret that createJoinToken showed.',
    key ? undefined : 'publicKey must be an Ed25519 public key, SPKI in base64.',
    /^[\w-]{1,100}$/.test(identity.kubeSystemUid)
      ? undefined
      : 'kubeSystemUid must be the UID of the namespace kube-system.',
    isShort(identity.agentVersion) && isShort(identity.kubernetesVersion)
      ? undefined
      : 'versions have at most 100 characters.',
  ].filter((problem) => problem !== undefined);
  if (!key || problems.length > 0) throw invalid('joinCluster', problems);
  return { ...identity, publicKey: canonicalPublicKey(key) };
}

function isShort(text: string | null): boolean {
  return text === null || text.length <= 100;
}
