// What people give when they ask something of promotions.
import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import type { PromotionState, TargetState } from '../domain/promotion.ts';
import type { PromotionFilter } from '../promotion-read-store.ts';
import { PromoteIntentEnum, PromotionStateEnum, TargetStateEnum } from './promotion.enums.ts';

@InputType({ description: 'Brings a release into an environment; it starts by itself once its gates pass.' })
export class PromoteInput {
  @Field(() => String, { description: 'Name of the application.' })
  application!: string;

  @Field(() => String, { description: 'Name of the environment; the policy must have a step for it.' })
  environment!: string;

  @Field(() => Int, { description: 'Number of the release.' })
  release!: number;

  @Field(() => String, { nullable: true, description: 'Why, for the record.' })
  reason?: string | null;

  @Field(() => PromoteIntentEnum, {
    nullable: true,
    defaultValue: 'FORWARD',
    description: 'FORWARD waits for its gates; a HOTFIX needs a reason and skips those that the step names.',
  })
  intent?: 'FORWARD' | 'HOTFIX' | 'REDEPLOY' | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same key answers with the promotion it made before.',
  })
  idempotencyKey?: string | null;
}

@InputType('PromotionFilter', { description: 'Every member that is given must match.' })
export class PromotionFilterInput {
  @Field(() => String, { nullable: true, description: 'Name of the application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the environment.' })
  environment?: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of the release.' })
  release?: number | null;

  @Field(() => [PromotionStateEnum], { nullable: true, description: 'One of these states.' })
  state?: PromotionState[] | null;
}

@ArgsType()
export class RollbackArgs {
  @Field(() => String, { description: 'Name of the application.' })
  application!: string;

  @Field(() => String, { description: 'Name of the environment.' })
  environment!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of the release; left out: the one verified here most recently, other than the current one.',
  })
  toRelease?: number | null;

  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same key answers with the promotion it made before.',
  })
  idempotencyKey?: string | null;
}

@ArgsType()
export class TargetsArgs {
  @Field(() => [TargetStateEnum], { nullable: true, description: 'One of these states; absent: all.' })
  state?: TargetState[] | null;
}

/** The filter in the domain's words. */
export function toFilter(input: PromotionFilterInput | null | undefined): PromotionFilter {
  return {
    application: input?.application ?? undefined,
    environment: input?.environment ?? undefined,
    release: input?.release ?? undefined,
    states: input?.state ?? undefined,
  };
}
