// What a person gives to save a policy.
import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { RemovalArgs } from '../../clusters/graphql/removal-args.type.ts';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { Trigger } from '../domain/policy.ts';
import { TriggerEnum } from './policy.enums.ts';

/** How long a step gives each cluster where it does not say. */
export const DEFAULT_PROGRESS_DEADLINE_MS = 900_000;

/** A null means the same as leaving a field out: its default. */
@InputType({ description: 'One environment of a policy.' })
export class PolicyStepInput {
  @Field(() => String, { description: 'The name of an environment.' })
  environment!: string;

  @Field(() => TriggerEnum, {
    nullable: true,
    defaultValue: 'MANUAL',
    description: 'What starts a promotion into it.',
  })
  trigger?: Trigger | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Environments in which a release must be verified before; left out: the step before this one.',
  })
  after?: string[] | null;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: DEFAULT_PROGRESS_DEADLINE_MS,
    description: 'How long a cluster may take to become synced and healthy before it counts as failed.',
  })
  progressDeadline?: number | null;
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
