// A promotion, its waves and their targets, as GraphQL shows them. Links to other things are resolved fields.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { TargetRow, WaveRow } from '../promotion-read-store.ts';
import {
  PromotionIntentEnum,
  PromotionStateEnum,
  TargetStateEnum,
  WaveStateEnum,
} from './promotion.enums.ts';

@ObjectType('Promotion', { description: 'One release moving into one slot.' })
export class PromotionType {
  /** What the resolved fields need; not part of the API. */
  source!: Promotion;

  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => PromotionIntentEnum, { description: 'Why it was made.' })
  intent!: Promotion['intent'];

  @Field(() => PromotionStateEnum, { description: 'Where it stands.' })
  state!: Promotion['state'];

  @Field(() => String, { description: 'A user, or `fairlead` for automation.' })
  requestedBy!: string;

  @Field(() => String, { nullable: true, description: 'What the requester gave as reason.' })
  reason!: string | null;

  @Field(() => Int, { description: 'The revision of the policy that it keeps to its end.' })
  policyRevision!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it took the slot.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  finishedAt!: Date | null;
}

@ObjectType('TargetCounts', { description: 'How many clusters of a wave stand where.' })
export class TargetCountsType {
  @Field(() => Int, { description: 'All of them.' })
  total!: number;

  @Field(() => Int, { description: 'Not assigned yet.' })
  pending!: number;

  @Field(() => Int, { description: 'Assigned or being applied.' })
  moving!: number;

  @Field(() => Int, { description: 'Synced and healthy on the release.' })
  ready!: number;

  @Field(() => Int, { description: 'Failed, or past their deadline.' })
  failed!: number;

  @Field(() => Int, { description: 'Silent; they catch up when they return.' })
  offline!: number;

  @Field(() => Int, { description: 'Skipped, or gone from the environment.' })
  skipped!: number;
}

@ObjectType('Wave', { description: 'An ordered group of clusters inside a promotion.' })
export class WaveType {
  /** What the resolved fields need; not part of the API. `planned`: its clusters, where it is only a preview. */
  source!: WaveRow;
  planned?: readonly TargetRow[];

  @Field(() => String, { description: 'Its name in the policy; `all` where the step has no waves.' })
  name!: string;

  @Field(() => WaveStateEnum, { description: 'Where it stands.' })
  state!: WaveRow['state'];

  @Field(() => TargetCountsType, { description: 'How many clusters stand where.' })
  counts!: TargetCountsType;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its clusters were assigned.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it passed or failed.' })
  finishedAt!: Date | null;
}

@ObjectType('Target', { description: 'One cluster of a wave.' })
export class TargetType {
  /** What the resolved fields need; not part of the API. */
  source!: TargetRow;

  @Field(() => TargetStateEnum, { description: 'Where it stands.' })
  state!: TargetRow['state'];

  @Field(() => String, { nullable: true, description: 'What its agent said, where it is not ready.' })
  message!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it is synced and healthy.' })
  healthySince!: Date | null;
}
