// The agents' operations in the agent's own words: the only place that knows the shapes on the wire.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { GraphqlClient } from './graphql-client.ts';
import type { HubClock } from './hub-clock.ts';
import { HubError } from './hub-error.ts';
import type { HubHealthRules } from './known-assignments.ts';
import {
  agentHealthRules,
  agentHello,
  assignments,
  assignmentsDigest,
  joinCluster,
  renewCredential,
  reportInstances,
  reportOrphans,
  type AgentHelloInput,
  type AssignmentsDigestQuery,
  type AssignmentsQuery,
  type InstanceReportInput,
  type JoinClusterInput,
  type ObjectRefInput,
  type OrphanInput,
  type RenewCredentialInput,
  type ReportBatchInput,
  type ReportInstancesMutation,
} from './generated/operations.ts';

const PAGE_SIZE = 500;

/** What a join gives. `expiresAtMs` is by the hub's clock. */
export interface JoinAnswer {
  readonly clusterId: string;
  readonly clusterName: string;
  /** False while a person has to accept the cluster before anything is assigned to it. */
  readonly isAccepted: boolean;
  readonly credential: string;
  readonly expiresAtMs: number;
}

/** What a hello begins. */
export interface Session {
  readonly session: number;
  readonly epoch: string;
  /** Until the first ping; each pong names the next interval. */
  readonly heartbeatIntervalMs: number;
}

/** Something to be done once. */
export type Instruction = AssignmentsQuery['assignments']['instructions'][number];

/** One page of the truth. */
export interface AssignmentsPage {
  readonly generation: number;
  readonly epoch: string;
  /** Everything that is assigned is told, not only what changed. */
  readonly isFull: boolean;
  /** Of the hub's health rules; null where there are none. */
  readonly healthRulesDigest: string | null;
  readonly assignments: readonly Assignment[];
  readonly instructions: readonly Instruction[];
  readonly nextCursor: string | undefined;
}

/** SHA-256 over everything that is assigned, and of which moment it is. */
export type HubDigest = AssignmentsDigestQuery['assignmentsDigest'];

/** What the hub answers to a report. */
export type ReportAnswer = ReportInstancesMutation['reportInstances'];

/** Calls the hub. A refusal is a `HubError` with the refusal's code. */
export class HubApi {
  readonly #client: GraphqlClient;
  readonly #hubClock: HubClock;

  constructor(client: GraphqlClient, hubClock: HubClock) {
    this.#client = client;
    this.#hubClock = hubClock;
  }

  async join(input: JoinClusterInput): Promise<JoinAnswer> {
    const { joinCluster: answer } = await this.#client.execute(joinCluster, { input });
    const { clusterId, clusterName, credential, expiresAt, accepted, refusal } = answer;
    if (refusal) throw new HubError(refusal.code, refusal.message);
    if (!clusterId || !clusterName) throw incomplete('joinCluster');
    const isAccepted = accepted !== false;
    return { clusterId, clusterName, isAccepted, ...credentialOf('joinCluster', credential, expiresAt) };
  }

  /** Proven by the signature in it alone. */
  async renew(input: RenewCredentialInput): Promise<Pick<JoinAnswer, 'credential' | 'expiresAtMs'>> {
    const { renewCredential: answer } = await this.#client.execute(renewCredential, { input });
    this.#hubClock.learn(answer.hubTime);
    if (answer.refusal) throw new HubError(answer.refusal.code, answer.refusal.message);
    return credentialOf('renewCredential', answer.credential, answer.expiresAt);
  }

  async hello(input: AgentHelloInput, credential: string): Promise<Session> {
    const { agentHello: answer } = await this.#client.execute(agentHello, { input }, credential);
    if (answer.refusal) throw new HubError(answer.refusal.code, answer.refusal.message);
    const { session, epoch, heartbeatIntervalMs } = answer;
    if (session === null || epoch === null) throw incomplete('agentHello');
    return { session, epoch, heartbeatIntervalMs };
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
      healthRulesDigest: page.healthRulesDigest,
      assignments: page.assignments.map(toAssignment),
      instructions: page.instructions,
      nextCursor: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined,
    };
  }

  /** The health rules that hold for every instance. */
  async healthRules(credential: string): Promise<HubHealthRules> {
    const { agentHealthRules: answer } = await this.#client.execute(agentHealthRules, {}, credential);
    return { digest: answer.digest, rules: toRules(answer.rules) };
  }

  async digest(credential: string): Promise<HubDigest> {
    return (await this.#client.execute(assignmentsDigest, {}, credential)).assignmentsDigest;
  }

  /** False where the session is not the newest any more. */
  async reportOrphans(
    session: number,
    orphans: readonly OrphanInput[],
    credential: string,
  ): Promise<boolean> {
    const variables = { session, orphans };
    return (await this.#client.execute(reportOrphans, variables, credential)).reportOrphans;
  }

  async report(batch: ReportBatchInput, credential: string): Promise<ReportAnswer> {
    const instances = batch.instances.map(toInput);
    const variables = { batch: { ...batch, instances } };
    return (await this.#client.execute(reportInstances, variables, credential)).reportInstances;
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
  const { tombstone, approvedPrune, serviceAccountName, syncPolicy, healthRules, ...members } = wire;
  return {
    ...members,
    syncPolicy: { ...syncPolicy, ignore: syncPolicy.ignore.map(withoutNulls) },
    ...(serviceAccountName !== null && { serviceAccountName }),
    ...(tombstone && { tombstone }),
    ...(approvedPrune !== null && { approvedPrune }),
    ...(healthRules !== null && { healthRules: toRules(healthRules) }),
  };
}

/** What a rule looks like is for `health/` to say, which passes over what it does not know. */
function toRules(rules: unknown): readonly object[] {
  return Array.isArray(rules) ? rules.filter((rule) => typeof rule === 'object' && rule !== null) : [];
}

/** Exactly the members on the wire: GraphQL refuses a whole message for one that it does not know. */
function toInput(report: InstanceReportInput): InstanceReportInput {
  const { instance, generation, bundle, sync, health, message, driftCount, truncated, contentHash } = report;
  const objects = report.objects.map((object) => ({
    ...refInput(object),
    sync: object.sync,
    health: object.health,
    message: object.message,
  }));
  const pendingPrune = report.pendingPrune.map(refInput);
  const state = { sync, health, message, driftCount, objects, truncated, pendingPrune };
  return { instance, generation, bundle, ...state, contentHash };
}

function refInput({ apiVersion, kind, namespace, name }: ObjectRefInput): ObjectRefInput {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** GraphQL answers null where a rule does not name a member; a rule of ours has no such member. */
function withoutNulls(rule: { readonly [key: string]: string | null }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rule).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
