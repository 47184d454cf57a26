// What a person gives to describe the waves of a step.
import { Field, InputType, Int } from '@nestjs/graphql';
import { DurationScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import { CheckInput } from './check.inputs.ts';
import { ApprovalGateInput } from './gate.inputs.ts';

@InputType({
  description: 'Clusters that are taken together. None of selector, percent and count: all that remain.',
})
export class WaveInput {
  @Field(() => String, { description: 'Unique in the step.' })
  name!: string;

  @Field(() => LabelSelectorScalar, { nullable: true, description: 'Those that match.' })
  selector?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Cumulative share of the clusters that are taken when this wave is done, rounded up.',
  })
  percent?: number | null;

  @Field(() => Int, { nullable: true, description: 'That many more.' })
  count?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Clusters that move at once; left out, as its percent: all.',
  })
  maxConcurrent?: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave, rounded up.' })
  maxConcurrentPercent?: number | null;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: 0,
    description: 'How long each cluster must stay healthy before it counts.',
  })
  bake?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Failed clusters that it bears; left out, as its percent: 0.',
  })
  maxFailures?: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave, rounded down.' })
  maxFailuresPercent?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Offline clusters that it bears before it pauses; left out, as its percent: any number.',
  })
  maxOffline?: number | null;

  @Field(() => Int, { nullable: true, description: 'The same as a share of the wave, rounded down.' })
  maxOfflinePercent?: number | null;

  @Field(() => ApprovalGateInput, {
    nullable: true,
    description: 'Consent before it starts; the gate is called wave:NAME.',
  })
  approval?: ApprovalGateInput | null;

  @Field(() => [CheckInput], { nullable: true, description: 'Must pass when its clusters are healthy.' })
  verification?: CheckInput[] | null;
}
