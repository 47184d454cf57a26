// What clusters, environments and applications show of their instances; a list of them costs two statements, not two each.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApplicationType } from '../../applications/graphql/application.type.ts';
import { ClusterType } from '../../clusters/graphql/cluster.type.ts';
import { EnvironmentType } from '../../environments/graphql/environment.type.ts';
import { connectionOf, PageArgs, type Connection } from '../../platform/graphql/connection.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { DeliveryQueries } from '../delivery-queries.ts';
import { FleetSummaryType } from './fleet-summary.type.ts';
import { InstanceFilterInput, instanceFilterArgument, toInstanceFilter } from './instance.inputs.ts';
import { InstancePages } from './instance-pages.ts';
import { InstanceType } from './instance.type.ts';
import { loadSummary } from './summary.loaders.ts';

@Resolver(() => ClusterType)
export class ClusterInstancesResolver {
  constructor(
    private readonly queries: DeliveryQueries,
    private readonly pages: InstancePages,
  ) {}

  @ResolveField(() => FleetSummaryType, { description: 'How its instances are.' })
  summary(@Parent() { id }: ClusterType, @Context() context: RequestContext): Promise<FleetSummaryType> {
    return loadSummary(context, this.queries, 'CLUSTER', decodeId('cluster', id));
  }

  @ResolveField(() => connectionOf(InstanceType), { description: 'What runs, or should run, on it.' })
  instances(
    @Parent() { name }: ClusterType,
    @Args(instanceFilterArgument) filter: InstanceFilterInput | null,
    @Args() page: PageArgs,
  ): Promise<Connection<InstanceType>> {
    const asked = toInstanceFilter(filter);
    // A filter that names another cluster as well can match nothing here.
    const cluster = asked.cluster === undefined || asked.cluster === name ? name : '';
    return this.pages.of({ ...asked, cluster }, page);
  }
}

@Resolver(() => EnvironmentType)
export class EnvironmentSummaryResolver {
  constructor(private readonly queries: DeliveryQueries) {}

  @ResolveField(() => FleetSummaryType, { description: 'How its instances are.' })
  summary(@Parent() { id }: EnvironmentType, @Context() context: RequestContext): Promise<FleetSummaryType> {
    return loadSummary(context, this.queries, 'ENVIRONMENT', decodeId('environment', id));
  }
}

@Resolver(() => ApplicationType)
export class ApplicationSummaryResolver {
  constructor(private readonly queries: DeliveryQueries) {}

  @ResolveField(() => FleetSummaryType, { description: 'How its instances are.' })
  summary(@Parent() { id }: ApplicationType, @Context() context: RequestContext): Promise<FleetSummaryType> {
    return loadSummary(context, this.queries, 'APPLICATION', decodeId('application', id));
  }
}
