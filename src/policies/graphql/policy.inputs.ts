// What a person gives to save a policy.
import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { RemovalArgs } from '../../clusters/graphql/removal-args.type.ts';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { FreezeRule, OfflineRule, RollbackScope, Supersede, Trigger } from '../domain/policy-step.ts';
import { CheckInput } from './check.inputs.ts';
import { GateInput } from './gate.inputs.ts';
import {
  FreezeRuleEnum,
  OfflineRuleEnum,
  RollbackScopeEnum,
  SupersedeEnum,
  TriggerEnum,
} from './policy.enums.ts';
import { WaveInput } from './wave.inputs.ts';

/** What a step says where its input does not; a null means the same as leaving a field out. */
export const stepDefaults = {
  trigger: 'MANUAL',
  supersede: 'LATEST_WINS',
  progressDeadline: 900_000,
  offline: 'EXCLUDE_AND_CATCH_UP',
  onFreeze: 'FINISH_WAVE',
  rollback: 'NONE',
  hold: true,
} as const;

@InputType({ description: 'What follows a failed rollout.' })
export class FailureInput {
  @Field(() => RollbackScopeEnum, {
    nullable: true,
    defaultValue: stepDefaults.rollback,
    description: 'How far it is taken back, to the release verified last.',
  })
  rollback?: RollbackScope | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: stepDefaults.hold,
    description: 'Hold back what failed until a newer release comes or a person ends the hold.',
  })
  hold?: boolean | null;
}

@InputType({ description: 'One environment of a policy.' })
export class PolicyStepInput {
  @Field(() => String, { description: 'The name of an environment.' })
  environment!: string;

  @Field(() => TriggerEnum, {
    nullable: true,
    defaultValue: stepDefaults.trigger,
    description: 'What starts a promotion into it.',
  })
  trigger?: Trigger | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Environments in which a release must be verified before; left out: the step before this one.',
  })
  after?: string[] | null;

  @Field(() => [GateInput], { nullable: true, description: 'What must hold before a promotion starts.' })
  gates?: GateInput[] | null;

  @Field(() => [WaveInput], {
    nullable: true,
    description: 'Groups of clusters, one after the other; left out: all at once.',
  })
  waves?: WaveInput[] | null;

  @Field(() => [CheckInput], { nullable: true, description: 'Must pass after the last wave.' })
  verification?: CheckInput[] | null;

  @Field(() => SupersedeEnum, {
    nullable: true,
    defaultValue: stepDefaults.supersede,
    description: 'What becomes of releases that wait when a newer one may go.',
  })
  supersede?: Supersede | null;

  @Field(() => FailureInput, { nullable: true, description: 'What follows a failed rollout.' })
  onFailure?: FailureInput | null;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: stepDefaults.progressDeadline,
    description: 'How long a cluster may take to become synced and healthy before it counts as failed.',
  })
  progressDeadline?: number | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of gates that a hotfix passes over; upstream and freeze are gates too.',
  })
  hotfixSkips?: string[] | null;

  @Field(() => OfflineRuleEnum, {
    nullable: true,
    defaultValue: stepDefaults.offline,
    description: 'What an offline cluster means to its wave.',
  })
  offline?: OfflineRule | null;

  @Field(() => FreezeRuleEnum, {
    nullable: true,
    defaultValue: stepDefaults.onFreeze,
    description: 'What a freeze that begins in the middle of a rollout stops.',
  })
  onFreeze?: FreezeRule | null;
}

@InputType({ description: 'A policy; a save that changes something makes a new revision.' })
export class PolicyInput {
  @Field(() => String, { description: 'Small letters, digits, "-" and ".".' })
  name!: string;

  @Field(() => [PolicyStepInput], { description: 'One for each environment, in order.' })
  steps!: PolicyStepInput[];
}

@ArgsType()
export class SavePolicyArgs extends RemovalArgs {
  @Field(() => PolicyInput, { description: 'The whole policy.' })
  input!: PolicyInput;
}
