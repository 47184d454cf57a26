// Issues the agents' short-lived credentials.
import { Injectable } from '@nestjs/common';
import { newBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import type { Transaction } from '../platform/database/database.ts';
import { ClusterCredentialStore } from './cluster-credential-store.ts';

/** What every agent's credential begins with. */
export const CREDENTIAL_PREFIX = 'fl_agent_';

/** Shown to the agent once; only its hash is kept. */
export interface IssuedCredential {
  readonly credential: string;
  readonly expiresAt: Date;
}

@Injectable()
export class ClusterCredentials {
  constructor(
    private readonly store: ClusterCredentialStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** The one in use stays valid until this one was used once. */
  async issue(tx: Transaction, clusterId: bigint): Promise<IssuedCredential> {
    const { secret, hash } = newBearerToken(CREDENTIAL_PREFIX);
    const issuedAt = this.clock.now();
    const expiresAt = new Date(issuedAt.getTime() + this.config.credentialLifetimeMs);
    await this.store.issue(tx, { clusterId, hash, issuedAt, expiresAt });
    return { credential: secret, expiresAt };
  }

  /** None is worth anything any more. */
  async end(tx: Transaction, clusterId: bigint): Promise<void> {
    await this.store.deleteAll(tx, clusterId);
  }
}
