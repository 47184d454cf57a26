// Drift as agents report it, checked at the door.
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import {
  MAX_REPORTED_CLOSED,
  MAX_REPORTED_DRIFT,
  type DriftType,
  type EpisodeEnd,
  type ManagerClass,
  type ReportedDrift,
} from '@fairlead/protocol/drift';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import { DriftTypeEnum, EpisodeEndEnum, ManagerClassEnum } from './drift.enums.ts';
import { ObjectRefInput, toObjectRef } from './object-ref.type.ts';

@InputType({
  description:
    'One field, or one whole object, that differs from what the release says, or that did until `closedAt`.',
})
export class ReportedDriftInput extends ObjectRefInput {
  @Field(() => ID, {
    description: 'Random, made when it was first seen; stays while it is open, and never comes again.',
  })
  episode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of the field: spec.template.spec.containers[name=web].image. Null: the whole object.',
  })
  path?: string | null;

  @Field(() => DriftTypeEnum, { description: 'How it differs.' })
  type!: DriftType;

  @Field(() => String, { nullable: true, description: 'JSON text. Null where it is masked or absent.' })
  desired?: string | null;

  @Field(() => String, { nullable: true, description: 'JSON text. Null where it is masked or absent.' })
  live?: string | null;

  @Field(() => Boolean, { description: 'The values are secret and stay in the cluster.' })
  masked!: boolean;

  @Field(() => String, { nullable: true, description: 'The field manager that made it; null: unknown.' })
  manager?: string | null;

  @Field(() => ManagerClassEnum, { description: 'What sort of writer that is.' })
  managerClass!: ManagerClass;

  @Field(() => String, { nullable: true, description: 'Update or Apply.' })
  operation?: string | null;

  @Field(() => String, { nullable: true, description: 'Through which it was written, such as scale.' })
  subresource?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the manager wrote it, by the API server.',
  })
  changedAt?: Date | null;

  @Field(() => DateTimeScalar, { description: 'When the agent first saw it.' })
  firstSeenAt!: Date;

  @Field(() => Int, { description: 'How often the agent put it back so far.' })
  healedCount!: number;

  @Field(() => Boolean, { description: 'Taken back so often that the agent stopped healing it.' })
  contested!: boolean;

  @Field(() => ID, { nullable: true, description: 'The exception that accepts it.' })
  excepted?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is open.' })
  closedAt?: Date | null;

  @Field(() => EpisodeEndEnum, { nullable: true, description: 'How it ended; null while it is open.' })
  closedBy?: EpisodeEnd | null;
}

/** In the protocol's words: a member that is null was not given. */
export function toReportedDrift(input: ReportedDriftInput): ReportedDrift {
  const { changedAt, firstSeenAt, closedAt, closedBy, episode, type, masked, managerClass } = input;
  const { path, desired, live, manager, operation, subresource, excepted } = input;
  const { healedCount, contested } = input;
  return {
    ...toObjectRef(input),
    episode,
    type,
    masked,
    managerClass,
    healedCount,
    contested,
    firstSeenAt: firstSeenAt.toISOString(),
    ...given({ path, desired, live, manager, operation, subresource, excepted }),
    ...(changedAt && { changedAt: changedAt.toISOString() }),
    ...(closedAt && closedBy && { closedAt: closedAt.toISOString(), closedBy }),
  };
}

type Given<T> = { readonly [key in keyof T]?: string };

function given<T extends Readonly<Record<string, string | null | undefined>>>(members: T): Given<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<T>;
}

const MAX_EPISODE_LENGTH = 64;

/** What is wrong with the drift of one entry, each as a sentence that begins with the instance. */
export function driftProblems(instance: string, drift: readonly ReportedDriftInput[]): string[] {
  const problems: string[] = [];
  const closed = drift.filter(({ closedAt }) => closedAt).length;
  if (drift.length - closed > MAX_REPORTED_DRIFT) {
    problems.push(`${instance}: at most ${MAX_REPORTED_DRIFT} open items are reported; set driftTruncated.`);
  }
  if (closed > MAX_REPORTED_CLOSED) {
    problems.push(`${instance}: at most ${MAX_REPORTED_CLOSED} closed episodes in one report.`);
  }
  if (drift.some(({ episode }) => episode === '' || episode.length > MAX_EPISODE_LENGTH)) {
    problems.push(`${instance}: an episode's id has 1 to ${MAX_EPISODE_LENGTH} characters.`);
  }
  if (drift.some(({ closedAt, closedBy }) => Boolean(closedAt) !== Boolean(closedBy))) {
    problems.push(`${instance}: closedAt and closedBy are given together.`);
  }
  if (drift.some(({ healedCount }) => healedCount < 0)) problems.push(`${instance}: healedCount is below 0.`);
  return problems;
}
