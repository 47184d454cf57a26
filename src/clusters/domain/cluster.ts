// An enrolled cluster, as the hub knows it.
import type { ConnectionState } from './connection-state.ts';
import type { Labels } from './labels.ts';

export interface Cluster {
  readonly id: bigint;
  readonly name: string;
  readonly labels: Labels;
  readonly kubeSystemUid: string;
  /** Ed25519, SPKI, base64. */
  readonly publicKey: string;
  readonly joinTokenId: bigint;
  readonly session: bigint;
  readonly kubernetesVersion: string | null;
  readonly agentVersion: string | null;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  /** Set while its agent prunes what it ran, before the cluster is forgotten. */
  readonly deletingSince: Date | null;
  readonly lastSeenAt: Date | null;
  readonly createdAt: Date;
}

/** A cluster's announced state changed. */
export interface ConnectionChange {
  readonly clusterId: bigint;
  readonly name: string;
  readonly from: ConnectionState;
  readonly to: ConnectionState;
  readonly lastSeenAt: Date | null;
}
