// What an instance belongs to and its lists; things that many instances share are loaded once for all of them.
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApplicationQueries } from '../../applications/application-queries.ts';
import { ApplicationType, toApplicationType } from '../../applications/graphql/application.type.ts';
import { ClusterQueries } from '../../clusters/cluster-queries.ts';
import { ClusterType, toClusterType } from '../../clusters/graphql/cluster.type.ts';
import { EnvironmentQueries } from '../../environments/environment-queries.ts';
import { EnvironmentType, toEnvironmentType } from '../../environments/graphql/environment.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { ReleaseType, toReleaseType } from '../../releases/graphql/release.type.ts';
import { ReleaseQueries } from '../../releases/release-queries.ts';
import { DeliveryQueries } from '../delivery-queries.ts';
import { loadOptionalRow, loadRow } from './row.loaders.ts';
import { InstanceType, ObjectStatusType } from './instance.type.ts';
import { ObjectRefType } from './object-ref.type.ts';

@Resolver(() => InstanceType)
export class InstanceFieldsResolver {
  constructor(
    private readonly queries: DeliveryQueries,
    private readonly applications: ApplicationQueries,
    private readonly environments: EnvironmentQueries,
    private readonly clusters: ClusterQueries,
    private readonly releases: ReleaseQueries,
  ) {}

  @ResolveField(() => ApplicationType, { description: 'What it is an instance of.' })
  async application(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<ApplicationType> {
    const load = { name: 'application', byIds: (ids: readonly bigint[]) => this.applications.byIds(ids) };
    return toApplicationType(await loadRow(context, load, row.applicationId));
  }

  @ResolveField(() => EnvironmentType, { description: 'Where it belongs.' })
  async environment(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<EnvironmentType> {
    const load = { name: 'environment', byIds: (ids: readonly bigint[]) => this.environments.byIds(ids) };
    return toEnvironmentType(await loadRow(context, load, row.environmentId));
  }

  @ResolveField(() => ClusterType, { description: 'Where it runs.' })
  async cluster(@Parent() { row }: InstanceType, @Context() context: RequestContext): Promise<ClusterType> {
    const load = { name: 'cluster', byIds: (ids: readonly bigint[]) => this.clusters.byIds(ids) };
    const cluster = await loadRow(context, load, row.clusterId);
    return toClusterType(cluster, this.clusters.connectionState(cluster));
  }

  @ResolveField(() => ReleaseType, {
    nullable: true,
    description: 'What it should run; null before the first.',
  })
  desiredRelease(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    return this.release(context, row.releaseId);
  }

  @ResolveField(() => ReleaseType, {
    nullable: true,
    description: 'What was last seen wholly applied; null where nothing ever was.',
  })
  observedRelease(
    @Parent() { row }: InstanceType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    return this.release(context, row.observedReleaseId);
  }

  @ResolveField(() => connectionOf(ObjectStatusType), {
    description: 'Its objects that are not both SYNCED and HEALTHY.',
  })
  async objects(
    @Parent() { row }: InstanceType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<ObjectStatusType>> {
    const page = await this.queries.objects(row.id, { first, after: placeOf(after) });
    return toConnection(
      page,
      {
        node: ({ sync, health, message, ...object }) => ({
          object,
          sync,
          health,
          message: message === '' ? null : message,
        }),
        sortKey: ({ position }) => [position],
      },
      after,
    );
  }

  @ResolveField(() => connectionOf(ObjectRefType), {
    description: 'Objects whose removal waits for approvePrune with this generation.',
  })
  async pendingPrune(
    @Parent() { row }: InstanceType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<ObjectRefType>> {
    const page = await this.queries.pendingPrune(row.id, { first, after: placeOf(after) });
    return toConnection(page, { node: (held) => held, sortKey: ({ position }) => [position] }, after);
  }

  private async release(context: RequestContext, id: bigint | null): Promise<ReleaseType | null> {
    const load = { name: 'release', byIds: (ids: readonly bigint[]) => this.releases.byIds(ids) };
    const release = await loadOptionalRow(context, load, id);
    return release ? toReleaseType(release) : null;
  }
}

function placeOf(after: string | null | undefined): number {
  return decodeCursor(after, ['number'])?.[0] ?? -1;
}
