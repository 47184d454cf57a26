// What agents say, checked at the door.
import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import type { Health } from '@fairlead/protocol/health';
import { MAX_REPORTED_DRIFT } from '@fairlead/protocol/drift';
import { MAX_REPORTED_OBJECTS } from '@fairlead/protocol/report';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import { invalid } from '../../platform/errors.ts';
import { DateTimeScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { ReportBatch } from '../report-commands.ts';
import { HealthEnum, SyncStatusEnum } from './instance.enums.ts';
import { ObjectRefInput, toObjectRef } from './object-ref.type.ts';
import { driftProblems, ReportedDriftInput, toReportedDrift } from './reported-drift.inputs.ts';

/** A batch with more is refused: agents send the rest with the next one. */
const MAX_INSTANCES = 1_000;

@InputType({ description: 'An object that is not both SYNCED and HEALTHY.' })
export class ObjectReportInput extends ObjectRefInput {
  @Field(() => SyncStatusEnum, { description: 'Whether it is applied.' })
  sync!: SyncStatus;

  @Field(() => HealthEnum, { description: 'What it is, from the outside.' })
  health!: Health;

  @Field(() => String, { description: 'Why, with every secret value masked; may be empty.' })
  message!: string;
}

@InputType({ description: 'The state of one instance; it replaces the one before it, whole.' })
export class InstanceReportInput {
  @Field(() => ID, { description: 'Of the instance.' })
  instance!: string;

  @Field(() => Float, { description: 'Of the assignment that this speaks of.' })
  generation!: number;

  @Field(() => String, { description: 'The bundle that this speaks of.' })
  bundle!: string;

  @Field(() => SyncStatusEnum, { description: 'How far that assignment has been carried out.' })
  sync!: SyncStatus;

  @Field(() => HealthEnum, { description: 'The worst of its objects.' })
  health!: Health;

  @Field(() => String, { description: 'Why, with every secret value masked; may be empty.' })
  message!: string;

  @Field(() => Int, { description: 'Open differences between desired and live.' })
  driftCount!: number;

  @Field(() => [ReportedDriftInput], {
    nullable: true,
    description: `Every open item, at most ${MAX_REPORTED_DRIFT} with the most important first, and the closed episodes that no answered report has held yet.`,
  })
  drift?: ReportedDriftInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'More items are open: one that is not listed may still be open.',
  })
  driftTruncated?: boolean | null;

  @Field(() => [ObjectReportInput], {
    description: `Objects that are not both SYNCED and HEALTHY, at most ${MAX_REPORTED_OBJECTS}.`,
  })
  objects!: ObjectReportInput[];

  @Field(() => Boolean, { description: 'There are more of them.' })
  truncated!: boolean;

  @Field(() => [ObjectRefInput], {
    description: `Objects that the prune guard holds back, at most ${MAX_REPORTED_OBJECTS}.`,
  })
  pendingPrune!: ObjectRefInput[];

  @Field(() => String, { description: 'Over all of the above: the same hash is the same report.' })
  contentHash!: string;
}

@InputType({ description: 'What an instruction came to, where there is something to say of it.' })
export class InstructionOutcomeInput {
  @Field(() => ID, { description: 'Of the instruction, which is acknowledged with it.' })
  id!: string;

  @Field(() => JsonScalar, { description: 'By kind; of a job: { state: PASSED | FAILED | ERROR, message }.' })
  outcome!: unknown;
}

@InputType({ description: 'One message of an agent.' })
export class ReportBatchInput {
  @Field(() => Float, { description: 'As agentHello answered it; reports of an older one are stale.' })
  session!: number;

  @Field(() => Float, { description: 'Rises with every message of the session.' })
  sequence!: number;

  @Field(() => Float, {
    defaultValue: 0,
    description: 'The generation of the last assignments that it took in.',
  })
  appliedGeneration: number = 0;

  @Field(() => [InstanceReportInput], { description: `Each instance once, at most ${MAX_INSTANCES}.` })
  instances!: InstanceReportInput[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "The agent's clock when it sent this: where it is wrong, the times of drift are put right.",
  })
  sentAt?: Date | null;

  @Field(() => [ID], { defaultValue: [], description: 'Instructions that were done.' })
  acknowledgedInstructions: string[] = [];

  @Field(() => [InstructionOutcomeInput], {
    defaultValue: [],
    description: 'What acknowledged instructions came to.',
  })
  instructionOutcomes: InstructionOutcomeInput[] = [];

  @Field(() => [ID], { defaultValue: [], description: 'Instances whose tombstones were carried out.' })
  removedInstances: string[] = [];
}

/** Throws INVALID, naming everything that is too much or no number that it can be. */
export function toReportBatch(input: ReportBatchInput): ReportBatch {
  const problems = problemsOf(input);
  if (problems.length > 0) throw invalid('batch', problems);
  return {
    session: BigInt(input.session),
    sequence: BigInt(input.sequence),
    sentAt: input.sentAt ?? undefined,
    acknowledgedInstructions: input.acknowledgedInstructions,
    instructionOutcomes: new Map(input.instructionOutcomes.map(({ id, outcome }) => [id, outcome])),
    removedInstances: input.removedInstances,
    instances: input.instances.map(toReport),
  };
}

function toReport(input: InstanceReportInput): ReportBatch['instances'][number] {
  const { instance, generation, bundle, sync, health, message, driftCount, truncated, contentHash } = input;
  const objects = input.objects.map((object) => ({
    ...toObjectRef(object),
    sync: object.sync,
    health: object.health,
    message: object.message,
  }));
  const pendingPrune = input.pendingPrune.map(toObjectRef);
  return {
    instance,
    generation,
    bundle,
    sync,
    health,
    message,
    driftCount,
    drift: (input.drift ?? []).map(toReportedDrift),
    driftTruncated: input.driftTruncated ?? false,
    truncated,
    contentHash,
    objects,
    pendingPrune,
  };
}

function problemsOf({ session, sequence, instances }: ReportBatchInput): string[] {
  const numbers = { session, sequence };
  const notWhole = Object.entries(numbers)
    .filter(([, value]) => !isCount(value))
    .map(([name, value]) => `${name}: ${value} is no whole number.`);
  const tooMany =
    instances.length > MAX_INSTANCES ? [`instances: at most ${MAX_INSTANCES} in one batch.`] : [];
  return [...notWhole, ...tooMany, ...instances.flatMap(problemsOfReport)];
}

function problemsOfReport(report: InstanceReportInput): string[] {
  const problems: string[] = [];
  if (!isCount(report.generation)) problems.push(`${report.instance}: generation is no whole number.`);
  if (report.driftCount < 0) problems.push(`${report.instance}: driftCount is below 0.`);
  if (Math.max(report.objects.length, report.pendingPrune.length) > MAX_REPORTED_OBJECTS) {
    problems.push(`${report.instance}: at most ${MAX_REPORTED_OBJECTS} objects are reported; set truncated.`);
  }
  return [...problems, ...driftProblems(report.instance, report.drift ?? [])];
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
