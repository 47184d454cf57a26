// A policy and its steps, as GraphQL shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { Policy, Trigger } from '../domain/policy.ts';
import { TriggerEnum } from './policy.enums.ts';

@ObjectType('PolicyStep', { description: 'One environment of a policy.' })
export class PolicyStepType {
  @Field(() => String, { description: 'The name of the environment.' })
  environment!: string;

  @Field(() => TriggerEnum, { description: 'What starts a promotion into it.' })
  trigger!: Trigger;

  @Field(() => [String], {
    nullable: true,
    description: 'Environments in which a release must be verified before; null: the step before this one.',
  })
  after!: string[] | null;

  @Field(() => DurationScalar, {
    description: 'How long a cluster may take to become synced and healthy before it counts as failed.',
  })
  progressDeadline!: number;
}

@ObjectType('Policy', { description: 'The way of releases through environments. A revision never changes.' })
export class PolicyType {
  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => Int, { description: '1, 2, 3 …; running promotions keep the one that they started with.' })
  revision!: number;

  @Field(() => [PolicyStepType], { description: 'One for each environment, in order.' })
  steps!: PolicyStepType[];
}

/** Here and not in a mapper's file, because other features show policies as well. */
export function toPolicyType({ name, revision, steps }: Policy): PolicyType {
  return {
    name,
    revision,
    steps: steps.map(({ environment, trigger, after, progressDeadlineMs }) => ({
      environment,
      trigger,
      after: after ? [...after] : null,
      progressDeadline: progressDeadlineMs,
    })),
  };
}
