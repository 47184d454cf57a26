// The agents' operations in the agent's own words: the only place that knows the shapes on the wire.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { GraphqlClient } from './graphql-client.ts';
import { HubError } from './hub-error.ts';
import {
  agentHello,
  assignments,
  assignmentsDigest,
  joinCluster,
  renewCredential,
  reportInstances,
  type AgentHelloInput,
  type AssignmentsQuery,
  type JoinClusterInput,
  type RenewCredentialInput,
  type ReportBatchInput,
  type ReportInstancesMutation,
} from './generated/operations.ts';

const PAGE_SIZE = 500;

/** What a join gives. `expiresAtMs` is by the hub's clock. */
export interface JoinAnswer {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly credential: string;
  readonly expiresAtMs: number;
}

/** What a hello begins. */
export interface Session {
  readonly session: number;
  readonly epoch: string;
  readonly pingIntervalMs: number;
  /** Over how long the hub wants reconnects to be spread. */
  readonly reconnectWithinMs: number | undefined;
}

/** Something to be done once. */
export type Instruction = AssignmentsQuery['assignments']['instructions'][number];

/** One page of the truth. */
export interface AssignmentsPage {
  readonly generation: number;
  readonly epoch: string;
  /** Everything that is assigned is told, not only what changed. */
  readonly isFull: boolean;
  readonly assignments: readonly Assignment[];
  readonly instructions: readonly Instruction[];
  readonly nextCursor: string | undefined;
}

/** What the hub answers to a report. */
export type ReportAnswer = ReportInstancesMutation['reportInstances'];

/** Calls the hub. A refusal is a `HubError` with the refusal's code. */
export class HubApi {
  readonly #client: GraphqlClient;

  constructor(client: GraphqlClient) {
    this.#client = client;
  }

  async join(input: JoinClusterInput): Promise<JoinAnswer> {
    const { joinCluster: answer } = await this.#client.execute(joinCluster, { input });
    const { clusterId, clusterName, credential, expiresAt, refusal } = answer;
    if (refusal) throw new HubError(refusal.code, refusal.message);
    if (!clusterId || !clusterName) throw incomplete('joinCluster');
    return { clusterId, clusterName, ...credentialOf('joinCluster', credential, expiresAt) };
  }

  /** Proven by the signature in it alone. */
  async renew(input: RenewCredentialInput): Promise<Pick<JoinAnswer, 'credential' | 'expiresAtMs'>> {
    const { renewCredential: answer } = await this.#client.execute(renewCredential, { input });
    if (answer.refusal) throw new HubError(answer.refusal.code, answer.refusal.message);
    return credentialOf('renewCredential', answer.credential, answer.expiresAt);
  }

  async hello(input: AgentHelloInput, credential: string): Promise<Session> {
    const { agentHello: answer } = await this.#client.execute(agentHello, { input }, credential);
    if (answer.refusal) throw new HubError(answer.refusal.code, answer.refusal.message);
    const { session, epoch, pingIntervalMs, reconnectWithinMs } = answer;
    if (session === null || epoch === null) throw incomplete('agentHello');
    return {
      session,
      epoch,
      pingIntervalMs: pingIntervalMs ?? 30_000,
      reconnectWithinMs: reconnectWithinMs ?? undefined,
    };
  }

  async assignmentsPage(
    position: { readonly since: number; readonly epoch: string | undefined; readonly after?: string },
    credential: string,
  ): Promise<AssignmentsPage> {
    const variables = { ...position, epoch: position.epoch ?? null, first: PAGE_SIZE };
    const { assignments: page } = await this.#client.execute(assignments, variables, credential);
    return {
      generation: page.generation,
      epoch: page.epoch,
      isFull: page.complete,
      assignments: page.assignments.map(toAssignment),
      instructions: page.instructions,
      nextCursor: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined,
    };
  }

  /** SHA-256 over everything that is assigned, and of which epoch. */
  async digest(credential: string): Promise<{ readonly digest: string; readonly epoch: string }> {
    return (await this.#client.execute(assignmentsDigest, {}, credential)).assignmentsDigest;
  }

  async report(batch: ReportBatchInput, credential: string): Promise<ReportAnswer> {
    return (await this.#client.execute(reportInstances, { batch }, credential)).reportInstances;
  }
}

function credentialOf(operation: string, credential: string | null, expiresAt: string | null) {
  if (!credential || !expiresAt) throw incomplete(operation);
  return { credential, expiresAtMs: Date.parse(expiresAt) };
}

function incomplete(operation: string): HubError {
  return new HubError('INTERNAL', `${operation}: the hub gave neither an answer nor a refusal`);
}

type WireAssignment = AssignmentsQuery['assignments']['assignments'][number];

function toAssignment(wire: WireAssignment): Assignment {
  const { tombstone, approvedPrune, syncPolicy, ...members } = wire;
  return {
    ...members,
    syncPolicy: { ...syncPolicy, ignore: syncPolicy.ignore.map(withoutNulls) },
    ...(tombstone && { tombstone }),
    ...(approvedPrune !== null && { approvedPrune }),
  };
}

/** GraphQL answers null where a rule does not name a member; a rule of ours has no such member. */
function withoutNulls(rule: { readonly [key: string]: string | null }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rule).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
