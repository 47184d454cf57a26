// The figures of delivery, as GraphQL shows them.
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar } from '../../platform/graphql/scalars.ts';

@ObjectType('Quantiles', { description: 'Median and ninetieth percentile of durations.' })
export class QuantilesType {
  @Field(() => DurationScalar, { description: 'The median.' })
  p50!: number;

  @Field(() => DurationScalar, { description: 'Nine of ten are shorter.' })
  p90!: number;

  @Field(() => Int, { description: 'Of how many.' })
  count!: number;
}

@ObjectType('GateWait', { description: 'How long one gate held promotions up.' })
export class GateWaitType {
  @Field(() => String, { description: 'The name of the gate.' })
  gate!: string;

  @Field(() => DurationScalar, { description: 'All waits together.' })
  total!: number;

  @Field(() => QuantilesType, { description: 'Of each promotion that it held up.' })
  wait!: QuantilesType;
}

@ObjectType('DeliveryMetrics', {
  description:
    "How delivery went in a window, as seen at its end: DORA's five figures, and what held deployments up. One rollout counts once, however many clusters it has.",
})
export class DeliveryMetricsType {
  @Field(() => Int, { description: 'Promotions that succeeded; rollbacks are none.' })
  deployments!: number;

  @Field(() => Float, { description: 'Of the whole window.' })
  deploymentsPerDay!: number;

  @Field(() => QuantilesType, {
    nullable: true,
    description:
      'From commit to deployed: each commit once, those of superseded releases with their own times.',
  })
  leadTime?: QuantilesType | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the deployments that failed, were taken back, or fell ill afterwards; null: none ended.',
  })
  changeFailRate?: number | null;

  @Field(() => QuantilesType, {
    nullable: true,
    description: 'From failure to the next success, also by rollback; open failures count with their age.',
  })
  recoveryTime?: QuantilesType | null;

  @Field(() => Int, { description: 'Failures that nothing has ended yet, also from before the window.' })
  openFailures!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the deployments that only mended: hotfixes, redeployments, and changes that ended a failure; null: there was none.',
  })
  reworkRate?: number | null;

  @Field(() => QuantilesType, { nullable: true, description: 'From the promotion to its start.' })
  queueTime?: QuantilesType | null;

  @Field(() => [GateWaitType], { description: 'Which gates held up what started, the longest first.' })
  waitByGate!: GateWaitType[];

  @Field(() => Int, { description: 'Gates that people passed over.' })
  overrides!: number;
}
