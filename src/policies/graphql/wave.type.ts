// The waves of a step, as GraphQL shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { WaveRule } from '../domain/policy-step.ts';
import { CheckType, toCheckType } from './check.type.ts';
import { ApprovalGateType, toApprovalType } from './gate.type.ts';

@ObjectType('WavePlan', {
  description: 'Clusters that are taken together. None of selector, percent and count: all that remain.',
})
export class WavePlanType {
  @Field(() => String, { description: 'Unique in the step.' })
  name!: string;

  @Field(() => LabelSelectorScalar, { nullable: true, description: 'Those that match.' })
  selector!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Cumulative share of the clusters that are taken when this wave is done.',
  })
  percent!: number | null;

  @Field(() => Int, { nullable: true, description: 'That many more.' })
  count!: number | null;

  @Field(() => Int, { nullable: true, description: 'Clusters that move at once.' })
  maxConcurrent!: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave.' })
  maxConcurrentPercent!: number | null;

  @Field(() => DurationScalar, { description: 'How long each cluster must stay healthy before it counts.' })
  bake!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Failed clusters that it bears; null, as its percent: 0.',
  })
  maxFailures!: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave.' })
  maxFailuresPercent!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Offline clusters that it bears; null, as its percent: any number.',
  })
  maxOffline!: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave.' })
  maxOfflinePercent!: number | null;

  @Field(() => ApprovalGateType, {
    nullable: true,
    description: 'Consent before it starts; the gate is called wave:NAME.',
  })
  approval!: ApprovalGateType | null;

  @Field(() => [CheckType], { description: 'Must pass when its clusters are healthy.' })
  verification!: CheckType[];
}

export function toWavePlanType({ bakeMs, approval, verification, ...wave }: WaveRule): WavePlanType {
  return {
    ...wave,
    bake: bakeMs,
    approval: approval === null ? null : toApprovalType(approval),
    verification: verification.map(toCheckType),
  };
}
