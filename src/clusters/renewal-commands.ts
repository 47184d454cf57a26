// An agent renews its credential. The key alone authenticates it, so one whose credential expired is not locked out.
import { Injectable } from '@nestjs/common';
import { RENEWAL_WINDOW_MS, renewalText } from '@fairlead/protocol/credential-renewal';
import { Clock } from '../platform/clock.ts';
import { Database } from '../platform/database/database.ts';
import { invalid } from '../platform/errors.ts';
import { Log } from '../platform/logging/log.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { ClusterCredentials, type IssuedCredential } from './cluster-credentials.ts';
import { ClusterStore } from './cluster-store.ts';
import { isSignedBy } from './ed25519.ts';
import type { Cluster } from './domain/cluster.ts';

/** What the agent signed, and the signature in base64. */
export interface RenewalInput {
  readonly clusterId: bigint;
  /** As the agent wrote them: the signed text holds these very characters. */
  readonly clusterIdText: string;
  readonly issuedAtText: string;
  readonly nonce: string;
  readonly signature: string;
}

@Injectable()
export class RenewalCommands {
  constructor(
    private readonly database: Database,
    private readonly clusters: ClusterStore,
    private readonly credentials: ClusterCredentials,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async renew(input: RenewalInput): Promise<IssuedCredential | Refusal> {
    checkForm(input);
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const cluster = await this.clusters.lockById(tx, input.clusterId);
        const issuedAt = new Date(input.issuedAtText);
        const refusal = judgeRenewal(cluster, input, this.clock.now());
        if (refusal) return this.refuseRenewal(refusal, cluster);
        // Times only go forward, so a renewal that somebody recorded is worth nothing a second time.
        const isNew = await this.clusters.noteRenewal(tx, input.clusterId, issuedAt);
        if (!isNew) return this.refuseRenewal(replayed, cluster);
        return this.credentials.issue(tx, input.clusterId);
      }),
    );
  }

  private refuseRenewal(refusal: Refusal, cluster: Cluster | undefined): never {
    this.log.warn('a credential was not renewed', {
      cluster: cluster?.name ?? 'unknown',
      code: refusal.code,
    });
    throw new Refused(refusal);
  }
}

const replayed = refuse(
  'RENEWAL_REPLAYED',
  'A renewal with this time or a later one was accepted before; sign again with the time of now.',
);

function checkForm({ issuedAtText, nonce }: RenewalInput): void {
  const problems = [
    Number.isNaN(Date.parse(issuedAtText)) || !issuedAtText.endsWith('Z')
      ? 'issuedAt must be RFC 3339 in UTC, like 2026-01-31T12:00:00.000Z.'
      : undefined,
    /^[\w-]{16,64}$/.test(nonce) ? undefined : 'nonce must be 16 to 64 characters of base64url.',
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw invalid('renewCredential', problems);
}

function judgeRenewal(cluster: Cluster | undefined, input: RenewalInput, now: Date): Refusal | undefined {
  const { clusterIdText: clusterId, issuedAtText: issuedAt, nonce, signature } = input;
  if (!cluster)
    return refuse(
      'CLUSTER_UNKNOWN',
      'This hub knows no such cluster: it was deleted, or this is another database.',
    );
  if (!isSignedBy(cluster.publicKey, renewalText({ clusterId, issuedAt, nonce }), signature)) {
    return refuse(
      'RENEWAL_SIGNATURE_INVALID',
      `The signature was not made with the key that "${cluster.name}" joined with.`,
    );
  }
  if (cluster.revokedAt) return refuse('CLUSTER_REVOKED', `Cluster "${cluster.name}" was revoked.`);
  return judgeTime(issuedAt, now);
}

function judgeTime(issuedAt: string, now: Date): Refusal | undefined {
  const awayMs = Math.abs(now.getTime() - Date.parse(issuedAt));
  if (awayMs <= RENEWAL_WINDOW_MS) return undefined;
  return refuse(
    'RENEWAL_TIME',
    `The signed time ${issuedAt} is more than 5 minutes from the hub's ${now.toISOString()}; sign again with the hub's time.`,
  );
}
