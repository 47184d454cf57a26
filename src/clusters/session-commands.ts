// An agent says hello: it gets a session number, and every older session of its cluster ends.
import { Injectable } from '@nestjs/common';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@fairlead/protocol/protocol-version';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { refuse, type Refusal } from '../platform/refusal.ts';
import { ClusterEvents } from './cluster-events.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { ClusterStore, type AgentHello } from './cluster-store.ts';
import { onlineEvent } from './connection-events.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';

/** What an agent says; generation and epoch are those of the assignments it applied last. */
export interface HelloInput extends Omit<AgentHello, 'appliedGeneration'> {
  readonly appliedGeneration: number;
  readonly epoch: string | null;
}

/** The hub's answer. */
export interface AgentSession {
  /** Reports carry it; those of an older session are stale. */
  readonly session: bigint;
  readonly epoch: string;
}

@Injectable()
export class SessionCommands {
  constructor(
    private readonly database: Database,
    private readonly clusters: ClusterStore,
    private readonly events: ClusterEvents,
    private readonly sockets: ClusterSockets,
    private readonly clock: Clock,
  ) {}

  /** Every socket of the caller's cluster that was opened before is closed, except the one that the hello came over. */
  async hello(caller: AgentPrincipal, input: HelloInput): Promise<AgentSession | Refusal> {
    checkForm(input);
    const { protocolVersion } = input;
    if (protocolVersion < MIN_PROTOCOL_VERSION || protocolVersion > PROTOCOL_VERSION)
      return unsupported(protocolVersion);
    const at = this.clock.now();
    const closeOlder = this.sockets.beginSession(caller);
    const epoch = await this.clusters.epoch();
    // A generation of another database says nothing of this one's.
    const appliedGeneration = input.epoch === epoch ? BigInt(input.appliedGeneration) : undefined;
    const session = await this.database.transaction(async (tx) => {
      const raised = await this.clusters.hello(tx, caller.clusterId, { ...input, appliedGeneration });
      if (raised === undefined)
        throw new AppError('UNAUTHENTICATED', `Cluster "${caller.name}" was revoked or deleted.`);
      await this.announceOnline(tx, caller, at);
      tx.afterCommit(() => closeOlder(raised));
      return raised;
    });
    return { session, epoch };
  }

  private async announceOnline(
    tx: Transaction,
    { clusterId, name }: AgentPrincipal,
    at: Date,
  ): Promise<void> {
    const from = await this.clusters.announceOnline(tx, clusterId, at);
    if (from)
      await this.events.record(tx, [onlineEvent({ clusterId, name, from, to: 'ONLINE', lastSeenAt: at })]);
  }
}

function checkForm({ appliedGeneration, agentVersion, kubernetesVersion, capabilities }: HelloInput): void {
  const texts = [agentVersion, kubernetesVersion, ...capabilities];
  const problems = [
    Number.isSafeInteger(appliedGeneration) && appliedGeneration >= 0
      ? undefined
      : 'appliedGeneration must be a whole number.',
    capabilities.length <= 50 && texts.every((text) => text.length <= 100)
      ? undefined
      : 'versions and capabilities have at most 100 characters each, and there are at most 50 capabilities.',
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw invalid('agentHello', problems);
}

function unsupported(protocolVersion: number): Refusal {
  const range = `${MIN_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`;
  const whatToDo = protocolVersion > PROTOCOL_VERSION ? 'update the hub first' : 'update the agent';
  return refuse(
    'PROTOCOL_UNSUPPORTED',
    `The agent speaks protocol ${protocolVersion}, this hub ${range}: ${whatToDo}.`,
  );
}
