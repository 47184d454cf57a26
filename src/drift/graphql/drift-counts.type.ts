// Counts of drift, as the API shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar, DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { DriftDimension } from '../domain/drift-filter.ts';
import type { DriftFigures, DriftOffender } from '../domain/drift-item.ts';
import { DriftDimensionEnum } from './drift-question.enums.ts';

@ObjectType('DriftFacet', { description: 'How much open drift has one value of a dimension.' })
export class DriftFacetType {
  @Field(() => DriftDimensionEnum, { description: 'The dimension.' })
  by!: DriftDimension;

  @Field(() => String, { description: 'The value; empty: unknown, or whole objects.' })
  value!: string;

  @Field(() => Int, { description: 'Open differences.' })
  items!: number;

  @Field(() => Int, { description: 'Instances that have them.' })
  instances!: number;

  @Field(() => Int, { description: 'Clusters that have them.' })
  clusters!: number;
}

@ObjectType('DriftOffender', { description: 'Who changes one sort of field again and again.' })
export class DriftOffenderType {
  @Field(() => String, { description: 'The field manager; empty: unknown.' })
  manager!: string;

  @Field(() => String, { description: 'The kind of the objects.' })
  objectKind!: string;

  @Field(() => String, { description: 'The field; empty: whole objects.' })
  path!: string;

  @Field(() => Int, { description: 'How often in that time.' })
  episodes!: number;

  @Field(() => Int, { description: 'On how many clusters.' })
  clusters!: number;

  @Field(() => Int, { description: 'How many of them an agent put back.' })
  healed!: number;

  @Field(() => DurationScalar, { description: 'The median of how long they were open.' })
  medianOpen!: number;

  @Field(() => DateTimeScalar, { description: 'When the last of them began.' })
  lastAt!: Date;
}

@ObjectType('DriftHealTime', { description: 'From first seen until put back, of what agents healed.' })
export class DriftHealTimeType {
  @Field(() => DurationScalar, { description: 'Mean time to heal.' })
  mean!: number;

  @Field(() => DurationScalar, { description: 'Half were healed sooner.' })
  p50!: number;

  @Field(() => DurationScalar, { description: '95 of 100 were healed sooner.' })
  p95!: number;
}

@ObjectType('DriftMetrics', { description: 'What became of the drift that began in a time.' })
export class DriftMetricsType {
  @Field(() => Int, { description: 'All of it.' })
  episodes!: number;

  @Field(() => Int, { description: 'Still open.' })
  open!: number;

  @Field(() => Int, { description: 'Put back by agents.' })
  healed!: number;

  @Field(() => Int, { description: 'Put back by others.' })
  reverted!: number;

  @Field(() => Int, { description: 'Made no difference by another release or setting.' })
  released!: number;

  @Field(() => Int, { description: 'Accepted.' })
  excepted!: number;

  @Field(() => Int, { description: 'Gone with the object or its instance.' })
  gone!: number;

  @Field(() => DriftHealTimeType, { nullable: true, description: 'Null where nothing was healed.' })
  healTime!: DriftHealTimeType | null;
}

/** Durations are whole milliseconds in the API. */
export function toOffenderType({ medianOpenMs, ...offender }: DriftOffender): DriftOffenderType {
  return { ...offender, medianOpen: Math.round(medianOpenMs) };
}

/** For the field that answers what became of drift. */
export function toMetricsType({ episodes, open, ended, healTime }: DriftFigures): DriftMetricsType {
  return {
    episodes,
    open,
    healed: ended.HEALED,
    reverted: ended.REVERTED,
    released: ended.RELEASED,
    excepted: ended.EXCEPTED,
    gone: ended.GONE,
    healTime: healTime && {
      mean: Math.round(healTime.meanMs),
      p50: Math.round(healTime.p50Ms),
      p95: Math.round(healTime.p95Ms),
    },
  };
}
