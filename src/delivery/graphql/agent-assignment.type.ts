// What agents are told: their assignments, and what is to be done once.
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { DriftPolicy, Tombstone } from '@fairlead/protocol/assignment';
import { DriftPolicyEnum } from '../../applications/graphql/application.enums.ts';
import { IgnoreRuleType } from '../../applications/graphql/application.type.ts';
import { PageInfo } from '../../platform/graphql/connection.ts';
import { encodeCursor } from '../../platform/graphql/cursor.ts';
import { DateTimeScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { FeedAnswer } from '../agent-feed.ts';
import type { FeedRow, InstructionRow } from '../agent-feed-store.ts';

export const TombstoneEnum = { PRUNE: 'PRUNE', ORPHAN: 'ORPHAN' } as const;

registerEnumType(TombstoneEnum, {
  name: 'Tombstone',
  description: 'An instance is to end. Only this removes anything: that something is absent never does.',
  valuesMap: {
    PRUNE: { description: 'Delete what it applied.' },
    ORPHAN: { description: 'Leave what it applied, without our label.' },
  },
});

@ObjectType({ description: 'For agents: how one instance is kept.' })
export class AssignedSyncPolicy {
  @Field(() => Boolean, { description: 'Delete what left the bundle.' })
  prune!: boolean;

  @Field(() => DriftPolicyEnum, { description: 'What is done with drift in this environment.' })
  drift!: DriftPolicy;

  @Field(() => [IgnoreRuleType], { description: 'What is left to others.' })
  ignore!: IgnoreRuleType[];

  @Field(() => Int, { description: 'A prune of a larger share of the inventory waits for an approval.' })
  pruneLimitPercent!: number;

  @Field(() => Boolean, { description: 'Take over objects that are marked as those of another instance.' })
  adopt!: boolean;
}

@ObjectType({ description: 'For agents: what one instance should run.' })
export class AgentAssignment {
  @Field(() => ID, { description: 'Of the instance; the label of its objects.' })
  instance!: string;

  @Field(() => String, { description: 'The name of the application.' })
  application!: string;

  @Field(() => String, { description: 'The name of the environment.' })
  environment!: string;

  @Field(() => String, { description: 'Of objects that name none.' })
  namespace!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A ServiceAccount of that namespace, as which everything is written; null: as the agent.',
  })
  serviceAccountName?: string | null;

  @Field(() => Int, { description: 'The number of the release.' })
  release!: number;

  @Field(() => String, { description: 'SHA-256 of the bundle: GET /bundles/SHA256.' })
  bundle!: string;

  @Field(() => Float, { description: 'The generation of the cluster at the last change of this assignment.' })
  generation!: number;

  @Field(() => TombstoneEnum, { nullable: true, description: 'Set where the instance is to end.' })
  tombstone?: Tombstone | null;

  @Field(() => Float, { nullable: true, description: 'The generation whose prune a person let through.' })
  approvedPrune?: number | null;

  @Field(() => AssignedSyncPolicy, { description: 'How it is kept.' })
  syncPolicy!: AssignedSyncPolicy;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The application's own health rules, which come before those of the hub.",
  })
  healthRules?: unknown;
}

@ObjectType({ description: 'For agents: to be done once, acknowledged by id with a report.' })
export class AgentInstruction {
  @Field(() => ID, { description: 'One that was done is not done again.' })
  id!: string;

  @Field(() => String, { description: 'What is to be done.' })
  kind!: string;

  @Field(() => ID, { nullable: true, description: 'The instance that it concerns.' })
  instance?: string | null;

  @Field(() => JsonScalar, { description: 'Further facts, by kind.' })
  payload!: unknown;

  @Field(() => DateTimeScalar, { description: 'Not to be done after this.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'For agents: a page of assignments, tombstones among them.' })
export class AgentAssignments {
  @Field(() => Float, { description: 'Where the hub is. The agent has reached it after the last page.' })
  generation!: number;

  @Field(() => String, { description: 'The identity of the hub’s database.' })
  epoch!: string;

  @Field(() => Boolean, {
    description:
      'All there is: what is not among the pages the hub does not know. It is left alone, not removed.',
  })
  complete!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Of the hub's own health rules (`agentHealthRules`); null where there are none.",
  })
  healthRulesDigest!: string | null;

  @Field(() => [AgentAssignment], { description: 'In the order of their generations.' })
  assignments!: AgentAssignment[];

  @Field(() => [AgentInstruction], { description: 'With the last page only.' })
  instructions!: AgentInstruction[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo!: PageInfo;
}

@ObjectType({ description: 'For agents: one digest over all assignments of the cluster.' })
export class AssignmentsDigest {
  @Field(() => String, {
    description: 'SHA-256 over a line for each assignment, sorted; tombstones left out.',
  })
  digest!: string;

  @Field(() => String, { description: 'The identity of the hub’s database.' })
  epoch!: string;

  @Field(() => Float, { description: 'Where the hub is: another one is no fault, only news.' })
  generation!: number;
}

@ObjectType({ description: 'For agents: there may be something to fetch.' })
export class AgentDoorbell {
  @Field(() => Float, { description: 'Where the hub is.' })
  generation!: number;
}

/** For the resolver of `assignments`. */
export function toAgentAssignments(answer: FeedAnswer, isFirst: boolean): AgentAssignments {
  const cursors = answer.rows.map(({ generation, id }) => encodeCursor([answer.since, generation, id]));
  return {
    generation: Number(answer.generation),
    epoch: answer.epoch,
    complete: answer.complete,
    healthRulesDigest: answer.healthRulesDigest,
    assignments: answer.rows.map(toAssignment),
    instructions: answer.instructions.map(toInstruction),
    pageInfo: {
      hasNextPage: answer.hasNext,
      hasPreviousPage: !isFirst,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

function toAssignment(row: FeedRow): AgentAssignment {
  const { namespace, serviceAccountName, syncPolicy, healthRules } = row.settings;
  return {
    instance: row.trackingId,
    application: row.application,
    environment: row.environment,
    namespace,
    serviceAccountName: serviceAccountName ?? null,
    // Whatever has a generation was assigned both; the columns are null only before.
    release: row.releaseNumber ?? 0,
    bundle: row.bundleDigest ?? '',
    generation: Number(row.generation),
    tombstone: row.tombstone,
    approvedPrune: row.approvedPrune === null ? null : Number(row.approvedPrune),
    syncPolicy: { ...syncPolicy, ignore: [...syncPolicy.ignore] },
    healthRules: healthRules ?? null,
  };
}

function toInstruction({ publicId, ...rest }: InstructionRow): AgentInstruction {
  return { id: publicId, ...rest };
}
