// Where sessions of agents begin.
import type { Transaction } from '../platform/database/database.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';
import type { ConnectionState } from './domain/connection-state.ts';

/** What an agent says of itself at hello. */
export interface AgentHello {
  readonly protocolVersion: number;
  readonly agentVersion: string;
  readonly kubernetesVersion: string;
  readonly capabilities: readonly string[];
  /** Of the assignments that it applied last, and the epoch of the database that they are of. */
  readonly appliedGeneration: number;
  readonly epoch: string | null;
}

/** A hello and who said it. */
export interface SaidHello {
  readonly caller: Pick<AgentPrincipal, 'clusterId' | 'publicKey'>;
  readonly said: AgentHello;
}

/** The hub's answer to it. */
export interface AgentSession {
  /** Reports carry it; those of an older session are stale. */
  readonly session: bigint;
  readonly epoch: string;
}

export abstract class SessionStore {
  /**
   * Raises a cluster's session by one for each of its hellos, in their order, and keeps what its last one said. One
   * statement for all. The session of each; undefined where its cluster was revoked, deleted or rebuilt with another
   * key since the caller was let in: that one's session would end the new agent's.
   */
  abstract begin(
    tx: Transaction,
    hellos: readonly SaidHello[],
  ): Promise<readonly (AgentSession | undefined)[]>;
  /** Heard now: ONLINE at once. The states before, by cluster, where that is news. */
  abstract announceOnline(
    tx: Transaction,
    clusterIds: readonly bigint[],
    at: Date,
  ): Promise<ReadonlyMap<bigint, ConnectionState>>;
}
