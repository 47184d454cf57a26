// The query of delivery's figures.
import { Args, ArgsType, Field, Query, Resolver } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import { DeliveryMetricsQueries } from '../history/delivery-metrics-queries.ts';
import type { DeliveryFigures } from '../history/domain/delivery-figures.ts';
import type { Quantiles } from '../history/domain/quantiles.ts';
import { DeliveryMetricsType, type QuantilesType } from './delivery-metrics.type.ts';

@ArgsType()
class DeliveryMetricsArgs {
  @Field(() => String, { nullable: true, description: 'Of this application; left out: of all.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'In this environment; left out: in all.' })
  environment?: string | null;

  @Field(() => DateTimeScalar, { description: 'Where the window begins.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'Where it ends, not included; now where that is sooner.' })
  to!: Date;
}

const MOST_GATES = 50;
/** Longer durations are told in whole seconds. */
const EXACT_BELOW_MS = 60_000;

@Resolver(() => DeliveryMetricsType)
export class DeliveryMetricsResolver {
  constructor(private readonly queries: DeliveryMetricsQueries) {}

  @Requires('VIEWER')
  @Query(() => DeliveryMetricsType, { description: 'How delivery went in a window.' })
  async deliveryMetrics(
    @Args() { application, environment, from, to }: DeliveryMetricsArgs,
  ): Promise<DeliveryMetricsType> {
    const scope = { application: application ?? undefined, environment: environment ?? undefined };
    return toDeliveryMetricsType(await this.queries.figures(scope, { from, to }));
  }
}

function toDeliveryMetricsType(figures: DeliveryFigures): DeliveryMetricsType {
  const { leadTime, changeFailRate, recoveryTime, reworkRate, queueTime, waitByGate, ...plain } = figures;
  return {
    ...plain,
    leadTime: toQuantilesOrNull(leadTime),
    changeFailRate: changeFailRate ?? null,
    recoveryTime: toQuantilesOrNull(recoveryTime),
    reworkRate: reworkRate ?? null,
    queueTime: toQuantilesOrNull(queueTime),
    waitByGate: waitByGate
      .slice(0, MOST_GATES)
      .map(({ gate, totalMs, ...wait }) => ({ gate, total: rounded(totalMs), wait: toQuantiles(wait) })),
  };
}

function toQuantilesOrNull(quantiles: Quantiles | undefined): QuantilesType | null {
  return quantiles ? toQuantiles(quantiles) : null;
}

function toQuantiles({ p50Ms, p90Ms, count }: Quantiles): QuantilesType {
  return { p50: rounded(p50Ms), p90: rounded(p90Ms), count };
}

function rounded(durationMs: number): number {
  return durationMs < EXACT_BELOW_MS ? durationMs : Math.round(durationMs / 1_000) * 1_000;
}
