// How people choose among events.
import { Field, ID, InputType } from '@nestjs/graphql';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { ActivityFilter } from '../domain/activity-filter.ts';

@InputType('ActivityFilter', { description: 'Which events; all given conditions must hold.' })
export class ActivityFilterInput {
  @Field(() => [String], { nullable: true, description: 'Of any of these kinds.' })
  kind?: string[] | null;

  @Field(() => String, { nullable: true, description: 'That concern this application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'That concern this environment.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'That concern this cluster.' })
  cluster?: string | null;

  @Field(() => ID, { nullable: true, description: 'That concern this promotion.' })
  promotion?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not older than this.' })
  since?: Date | null;
}

/** The filter in the domain's words; absent: everything. */
export function toActivityFilter(input: ActivityFilterInput | null | undefined): ActivityFilter {
  if (!input) return {};
  const { kind, application, environment, cluster, promotion, since } = input;
  return {
    kinds: kind ?? undefined,
    application: application ?? undefined,
    environment: environment ?? undefined,
    cluster: cluster ?? undefined,
    promotionId: promotion ? decodeId('promotion', promotion) : undefined,
    since: since ?? undefined,
  };
}
