// Turns an agent's credential into its cluster. Lookups are remembered for seconds; whatever ends a credential clears them.
import { Injectable } from '@nestjs/common';
import { hashBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Authenticator } from '../platform/graphql/request-context.ts';
import { ClusterCredentialStore, type KnownCredential } from './cluster-credential-store.ts';
import { CREDENTIAL_PREFIX } from './cluster-credentials.ts';
import { LastSeen } from './last-seen.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';

const REMEMBER_MS = 5_000;
const MAX_REMEMBERED = 20_000;

@Injectable()
export class AgentAuthenticator extends Authenticator {
  /** A batch of reports of a thousand instances is this large at most. */
  override readonly maxBodyBytes = 8_000_000;
  /** Enough that reports are stored many at a time; when thousands come at once, people are served beside them. */
  override readonly maxAtOnce = 256;
  private readonly remembered = new Map<string, Remembered>();
  /** How often credentials were ended; what was read before the last time of its cluster is not believed. */
  private ends = 0;
  private allEndedAt = 0;
  private readonly endedAt = new Map<bigint, number>();

  constructor(
    private readonly credentials: ClusterCredentialStore,
    private readonly lastSeen: LastSeen,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A new principal each time, because it says when it was asked: a socket keeps its own. */
  override async authenticate(token: string): Promise<AgentPrincipal | undefined> {
    if (!token.startsWith(CREDENTIAL_PREFIX)) return undefined;
    const now = this.clock.now();
    const hash = hashBearerToken(token);
    const known = this.recall(hash, now) ?? (await this.lookUp(hash, now));
    if (!known || known.expiresAt <= now) return undefined;
    this.lastSeen.note(known.clusterId);
    return toPrincipal(known, now);
  }

  /** The next use of these clusters' credentials asks the database, also where it is being asked at this moment. */
  forget(clusterIds: readonly bigint[]): void {
    this.ends += 1;
    for (const id of clusterIds) this.endedAt.set(id, this.ends);
  }

  /** The same for all clusters. */
  forgetAll(): void {
    this.ends += 1;
    this.allEndedAt = this.ends;
    this.endedAt.clear();
    this.remembered.clear();
  }

  private recall(hash: Buffer, now: Date): KnownCredential | undefined {
    const found = this.remembered.get(hash.toString('base64'));
    if (!found || found.untilMs <= now.getTime() || this.isOvertaken(found)) return undefined;
    return found.known;
  }

  private async lookUp(hash: Buffer, now: Date): Promise<KnownCredential | undefined> {
    const asOf = this.ends;
    const known = await this.credentials.findByHash(hash);
    if (!known || known.expiresAt <= now) return undefined;
    if (!known.firstUsedAt) {
      await this.credentials.noteFirstUse(known, now);
      this.forget([known.clusterId]);
    }
    // Its cluster may have been revoked while this was read: then it is not too late to see that.
    if (this.isOvertaken({ known, asOf })) return this.lookUp(hash, now);
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(hash.toString('base64'), { known, asOf, untilMs: now.getTime() + REMEMBER_MS });
    return known;
  }

  private isOvertaken({ known, asOf }: Pick<Remembered, 'known' | 'asOf'>): boolean {
    return Math.max(this.allEndedAt, this.endedAt.get(known.clusterId) ?? 0) > asOf;
  }
}

/** What the database said when so many ends were known. */
interface Remembered {
  readonly known: KnownCredential;
  readonly asOf: number;
  readonly untilMs: number;
}

function toPrincipal(
  { clusterId, clusterName, publicKey, expiresAt }: KnownCredential,
  now: Date,
): AgentPrincipal {
  return {
    kind: 'agent',
    name: clusterName,
    clusterId,
    publicKey,
    validUntil: expiresAt,
    authenticatedAtMs: now.getTime(),
  };
}
