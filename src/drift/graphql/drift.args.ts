// Arguments of the lists and counts of drift.
import { ArgsType, Field, Int } from '@nestjs/graphql';
import { invalid } from '../../platform/errors.ts';
import { PageArgs } from '../../platform/graphql/connection.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { DriftDimension, DriftOrder } from '../domain/drift-filter.ts';
import { DriftDimensionEnum, DriftOrderEnum } from './drift-question.enums.ts';

@ArgsType()
export class DriftItemsArgs extends PageArgs {
  @Field(() => DriftOrderEnum, {
    nullable: true,
    defaultValue: 'NEWEST',
    description: 'The order of the list.',
  })
  orderBy: DriftOrder | null = 'NEWEST';
}

@ArgsType()
export class DriftEpisodesArgs extends PageArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Those that began then or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Those that began before.' })
  to?: Date | null;
}

@ArgsType()
export class DriftFacetsArgs {
  @Field(() => [DriftDimensionEnum], { description: 'What to count by, each by itself.' })
  by!: DriftDimension[];

  @Field(() => Int, {
    nullable: true,
    defaultValue: 20,
    description: 'The largest of each dimension, 1 to 100.',
  })
  top: number | null = 20;
}

@ArgsType()
export class PeriodArgs {
  @Field(() => DateTimeScalar, { description: 'What began then or later.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'What began before.' })
  to!: Date;
}

@ArgsType()
export class DriftOffendersArgs extends PeriodArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: 'The most frequent, 1 to 100.' })
  top: number | null = 20;
}

@ArgsType()
export class CompareClustersArgs extends PageArgs {
  @Field(() => String, { description: 'The name of the application.' })
  application!: string;

  @Field(() => String, { description: 'The name of the environment.' })
  environment!: string;

  @Field(() => String, { description: 'The name of the first cluster.' })
  a!: string;

  @Field(() => String, { description: 'The name of the second cluster.' })
  b!: string;
}

const DEFAULT_TOP = 20;
const MAX_TOP = 100;

/** Throws INVALID, naming the limit. */
export function readTop(top: number | null): number {
  const wanted = top ?? DEFAULT_TOP;
  if (wanted < 1 || wanted > MAX_TOP) throw invalid('top', [`${wanted} is not from 1 to ${MAX_TOP}.`]);
  return wanted;
}
