// An agent says hello: it gets a session number, and every older session of its cluster ends.
import { Injectable } from '@nestjs/common';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@fairlead/protocol/protocol-version';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { GroupCommit } from '../platform/group-commit.ts';
import { refuse, type Refusal } from '../platform/refusal.ts';
import { ClusterEvents } from './cluster-events.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { onlineEvent } from './connection-events.ts';
import type { AgentPrincipal } from './domain/agent-principal.ts';
import { SessionStore, type AgentHello, type AgentSession, type SaidHello } from './session-store.ts';

/**
 * However many dial at once, a few transactions carry their hellos; one that comes alone is answered at once. In one
 * lane, so that of two hellos of one agent the later gets the newer session.
 */
const HELLOS_AT_ONCE = { maxItems: 200, lanes: 1 };
const LONGEST_TEXT = 100;

interface Hello extends SaidHello {
  readonly caller: AgentPrincipal;
  readonly at: Date;
}

@Injectable()
export class SessionCommands {
  private readonly hellos = new GroupCommit<Hello, AgentSession | undefined>(
    (all) => this.begin(all),
    HELLOS_AT_ONCE,
  );

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly events: ClusterEvents,
    private readonly sockets: ClusterSockets,
    private readonly clock: Clock,
  ) {}

  /** Every socket of the caller's cluster that was opened before is closed, except the one that the hello came over. */
  async hello(caller: AgentPrincipal, said: AgentHello): Promise<AgentSession | Refusal> {
    checkForm(said);
    const { protocolVersion } = said;
    if (protocolVersion < MIN_PROTOCOL_VERSION || protocolVersion > PROTOCOL_VERSION)
      return unsupported(protocolVersion);
    const [begun] = await this.hellos.add([{ caller, said, at: this.clock.now() }]);
    if (begun) return begun;
    throw new AppError('UNAUTHENTICATED', `Cluster "${caller.name}" was revoked, deleted or rebuilt.`);
  }

  private begin(hellos: readonly Hello[]): Promise<readonly (AgentSession | undefined)[]> {
    return this.database.transaction(async (tx) => {
      const sessions = await this.sessions.begin(tx, hellos);
      const begun = hellos.filter((_, index) => sessions[index]);
      if (begun.length === 0) return sessions;
      await this.announceOnline(tx, begun);
      tx.afterCommit(() =>
        this.sockets.closeOlder(begun.map(({ caller, at }) => ({ caller, beganMs: at.getTime() }))),
      );
      return sessions;
    });
  }

  private async announceOnline(tx: Transaction, hellos: readonly Hello[]): Promise<void> {
    const byCluster = new Map(hellos.map((hello) => [hello.caller.clusterId, hello]));
    const before = await this.sessions.announceOnline(tx, [...byCluster.keys()], this.clock.now());
    const events = [...byCluster.values()].flatMap(({ caller: { clusterId, name }, at }) => {
      const from = before.get(clusterId);
      return from ? [onlineEvent({ clusterId, name, from, to: 'ONLINE', lastSeenAt: at })] : [];
    });
    await this.events.record(tx, events);
  }
}

function checkForm(said: AgentHello): void {
  const { appliedGeneration, agentVersion, kubernetesVersion, capabilities, epoch } = said;
  const texts = [agentVersion, kubernetesVersion, ...capabilities, epoch ?? ''];
  const problems = [
    Number.isSafeInteger(appliedGeneration) && appliedGeneration >= 0
      ? undefined
      : 'appliedGeneration must be a whole number.',
    capabilities.length <= 50 && texts.every(isShortText)
      ? undefined
      : `versions, epoch and capabilities are texts of at most ${LONGEST_TEXT} characters each, and there are at most 50 capabilities.`,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw invalid('agentHello', problems);
}

/** Postgres keeps neither a NUL nor half a character. */
function isShortText(text: string): boolean {
  return text.length <= LONGEST_TEXT && text.isWellFormed() && !text.includes('\0');
}

function unsupported(protocolVersion: number): Refusal {
  const range = `${MIN_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`;
  const whatToDo = protocolVersion > PROTOCOL_VERSION ? 'update the hub first' : 'update the agent';
  return refuse(
    'PROTOCOL_UNSUPPORTED',
    `The agent speaks protocol ${protocolVersion}, this hub ${range}: ${whatToDo}.`,
  );
}
