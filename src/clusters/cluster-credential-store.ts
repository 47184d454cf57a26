// Where the agents' credentials are kept, by hash.
import type { Transaction } from '../platform/database/database.ts';

/** A credential and the cluster that it speaks for. */
export interface KnownCredential {
  readonly id: bigint;
  readonly clusterId: bigint;
  readonly clusterName: string;
  /** Of the cluster as it is now: Ed25519, SPKI in base64. */
  readonly publicKey: string;
  readonly expiresAt: Date;
  readonly firstUsedAt: Date | null;
}

export abstract class ClusterCredentialStore {
  /** Also drops those that were never used (their answer was lost) and those that have expired. */
  abstract issue(
    tx: Transaction,
    credential: {
      readonly clusterId: bigint;
      readonly hash: Uint8Array;
      readonly issuedAt: Date;
      readonly expiresAt: Date;
    },
  ): Promise<void>;
  /** Of a cluster that is not revoked. */
  abstract findByHash(hash: Uint8Array): Promise<KnownCredential | undefined>;
  /** Its first use ends all older ones of the same cluster. */
  abstract noteFirstUse(credential: KnownCredential, at: Date): Promise<void>;
  abstract deleteAll(tx: Transaction, clusterId: bigint): Promise<void>;
}
