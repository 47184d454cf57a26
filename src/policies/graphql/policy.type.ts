// A policy and its steps, as GraphQL shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type {
  FreezeRule,
  OfflineRule,
  PolicyStep,
  RollbackScope,
  Supersede,
  Trigger,
} from '../domain/policy-step.ts';
import type { Policy } from '../domain/policy.ts';
import { CheckType, toCheckType } from './check.type.ts';
import { GateRuleType, toGateRuleType } from './gate.type.ts';
import {
  FreezeRuleEnum,
  OfflineRuleEnum,
  RollbackScopeEnum,
  SupersedeEnum,
  TriggerEnum,
} from './policy.enums.ts';
import { toWavePlanType, WavePlanType } from './wave.type.ts';

@ObjectType('Failure', { description: 'What follows a failed rollout.' })
export class FailureType {
  @Field(() => RollbackScopeEnum, { description: 'How far it is taken back, to the release verified last.' })
  rollback!: RollbackScope;

  @Field(() => Boolean, {
    description: 'Hold back what failed until a newer release comes or a person ends the hold.',
  })
  hold!: boolean;
}

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

  @Field(() => [GateRuleType], { description: 'What must hold before a promotion starts.' })
  gates!: GateRuleType[];

  @Field(() => [WavePlanType], {
    description: 'Groups of clusters, one after the other; empty: all at once.',
  })
  waves!: WavePlanType[];

  @Field(() => [CheckType], { description: 'Must pass after the last wave.' })
  verification!: CheckType[];

  @Field(() => SupersedeEnum, { description: 'What becomes of releases that wait when a newer one may go.' })
  supersede!: Supersede;

  @Field(() => FailureType, { description: 'What follows a failed rollout.' })
  onFailure!: FailureType;

  @Field(() => DurationScalar, {
    description: 'How long a cluster may take to become synced and healthy before it counts as failed.',
  })
  progressDeadline!: number;

  @Field(() => [String], { description: 'Names of gates that a hotfix passes over.' })
  hotfixSkips!: string[];

  @Field(() => OfflineRuleEnum, { description: 'What an offline cluster means to its wave.' })
  offline!: OfflineRule;

  @Field(() => FreezeRuleEnum, { description: 'What a freeze that begins in the middle of a rollout stops.' })
  onFreeze!: FreezeRule;
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
  return { name, revision, steps: steps.map(toPolicyStepType) };
}

function toPolicyStepType(step: PolicyStep): PolicyStepType {
  return {
    ...step,
    after: step.after ? [...step.after] : null,
    gates: step.gates.map(toGateRuleType),
    waves: step.waves.map(toWavePlanType),
    verification: step.verification.map(toCheckType),
    hotfixSkips: [...step.hotfixSkips],
    progressDeadline: step.progressDeadlineMs,
  };
}
