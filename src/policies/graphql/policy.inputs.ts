// What a person gives to save a policy.
import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { Trigger } from '../domain/policy.ts';
import { TriggerEnum } from './policy.enums.ts';

@InputType({ description: 'One environment of a policy.' })
export class PolicyStepInput {
  @Field(() => String, { description: 'The name of an environment.' })
  environment!: string;

  @Field(() => TriggerEnum, { defaultValue: 'MANUAL', description: 'What starts a promotion into it.' })
  trigger!: Trigger;

  @Field(() => [String], {
    nullable: true,
    description:
      'Environments in which a release must be verified before; left out: the step before this one.',
  })
  after?: string[] | null;

  @Field(() => DurationScalar, {
    defaultValue: 900_000,
    description: 'How long a cluster may take to become synced and healthy before it counts as failed.',
  })
  progressDeadline!: number;
}

@InputType({ description: 'A policy; a save that changes something makes a new revision.' })
export class PolicyInput {
  @Field(() => String, { description: 'Small letters, digits, "-" and ".".' })
  name!: string;

  @Field(() => [PolicyStepInput], { description: 'One for each environment, in order.' })
  steps!: PolicyStepInput[];
}

@ArgsType()
export class SavePolicyArgs {
  @Field(() => PolicyInput, { description: 'The whole policy.' })
  input!: PolicyInput;

  @Field(() => Int, {
    nullable: true,
    description: 'How many instances this change removes; needed where it removes any.',
  })
  confirmRemovals?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Delete the objects of removed instances, instead of leaving them in the cluster.',
  })
  prune!: boolean;
}
