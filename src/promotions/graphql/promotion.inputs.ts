// What people give when they ask something of promotions.
import { Field, InputType, Int } from '@nestjs/graphql';
import type { PromotionState } from '../domain/promotion.ts';
import { PromotionStateEnum } from './promotion.enums.ts';

@InputType({ description: 'Brings a release into an environment; it starts by itself once its gates pass.' })
export class PromoteInput {
  @Field(() => String, { description: 'Name of the application.' })
  application!: string;

  @Field(() => String, { description: 'Name of the environment; the policy must have a step for it.' })
  environment!: string;

  @Field(() => Int, { description: 'Number of the release.' })
  release!: number;

  @Field(() => String, { nullable: true, description: 'Why, for the record.' })
  reason?: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same key answers with the promotion it made before.',
  })
  idempotencyKey?: string;
}

@InputType({ description: 'Every member that is given must match.' })
export class PromotionFilter {
  @Field(() => String, { nullable: true, description: 'Name of the application.' })
  application?: string;

  @Field(() => String, { nullable: true, description: 'Name of the environment.' })
  environment?: string;

  @Field(() => Int, { nullable: true, description: 'Number of the release.' })
  release?: number;

  @Field(() => [PromotionStateEnum], { nullable: true, description: 'One of these states.' })
  state?: PromotionState[];
}
