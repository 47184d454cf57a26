// The people's API of clusters.
import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { connectionOf, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { mapEvents } from '../../platform/graphql/map-events.ts';
import { DeletePayload, payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { Refusal } from '../../platform/refusal.ts';
import { ClusterCommands } from '../cluster-commands.ts';
import { ClusterDeletionCommands } from '../cluster-deletion-commands.ts';
import { ClusterFeed } from '../cluster-feed.ts';
import { ClusterQueries } from '../cluster-queries.ts';
import type { Cluster } from '../domain/cluster.ts';
import { ClustersArgs, DeleteClusterArgs, SetClusterLabelsArgs } from './cluster.args.ts';
import { ClusterType, toClusterType } from './cluster.type.ts';
import { toConsent } from './removal-args.type.ts';
import { readSelector } from './selector-input.type.ts';

const ClusterPayload = payloadOf('ClusterPayload', 'cluster', ClusterType);
type ClusterPayload = Payload<{ cluster: typeof ClusterType }>;

const nameArgument = { type: () => String, description: 'Of the cluster.' };

@Resolver(() => ClusterType)
export class ClusterResolver {
  constructor(
    private readonly commands: ClusterCommands,
    private readonly deletions: ClusterDeletionCommands,
    private readonly queries: ClusterQueries,
    private readonly feed: ClusterFeed,
  ) {}

  @Requires('VIEWER')
  @Query(() => ClusterType, { nullable: true, description: 'One cluster.' })
  async cluster(@Args('name', nameArgument) name: string): Promise<ClusterType | null> {
    const cluster = await this.queries.byName(name);
    return cluster ? this.toType(cluster) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(ClusterType), { description: 'Clusters by name.' })
  async clusters(@Args() { first, after, ...filter }: ClustersArgs): Promise<Connection<ClusterType>> {
    const selector = readSelector(filter.selector);
    const states = filter.connectionState ?? undefined;
    const [afterName] = decodeCursor(after, ['string']) ?? [];
    const page = await this.queries.page({ selector, states }, first, afterName);
    return toConnection(
      page,
      { node: (cluster) => this.toType(cluster), sortKey: ({ name }) => [name] },
      after,
    );
  }

  @Requires('ADMIN')
  @Mutation(() => ClusterPayload, {
    description: 'Lets a cluster that joined with autoAccept: false into its environments.',
  })
  async acceptCluster(
    @Args('name', nameArgument) name: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<ClusterPayload> {
    return this.toPayload(await this.commands.accept(name, caller));
  }

  @Requires('ADMIN')
  @Mutation(() => ClusterPayload, {
    description:
      'Replaces a cluster’s labels; it enters and leaves environments by them. Refused with REMOVES_INSTANCES where instances would go that were not confirmed.',
  })
  async setClusterLabels(
    @Args() args: SetClusterLabelsArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<ClusterPayload> {
    return this.toPayload(await this.commands.setLabels(args.name, args.labels, toConsent(args), caller));
  }

  @Requires('ADMIN')
  @Mutation(() => ClusterPayload, {
    description: 'Ends a cluster’s credentials and closes its sockets at once. What runs in it stays there.',
  })
  async revokeCluster(
    @Args('name', nameArgument) name: string,
    @Args('reason', { type: () => String, description: 'For activity.' }) reason: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<ClusterPayload> {
    return this.toPayload(await this.commands.revoke(name, reason, caller));
  }

  @Requires('ADMIN')
  @Mutation(() => DeletePayload, {
    description:
      'Forgets a cluster. With prune its agent first removes what it applied, and the cluster is listed until that is done.',
  })
  async deleteCluster(
    @Args() args: DeleteClusterArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DeletePayload> {
    return toPayload(await this.deletions.delete(args.name, toConsent(args), caller), (deleted) => ({
      deleted,
    }));
  }

  @Requires('VIEWER')
  @Subscription(() => ClusterType, { description: 'Each cluster that changes from now on.' })
  clusterChanged(
    @Args('selector', {
      type: () => LabelSelectorScalar,
      nullable: true,
      description: 'Only clusters whose labels match.',
    })
    selector?: string | null,
  ): AsyncGenerator<{ clusterChanged: ClusterType }, void, void> {
    const changed = this.feed.changed(readSelector(selector));
    return mapEvents(changed, (cluster) => ({ clusterChanged: this.toType(cluster) }));
  }

  private toType(cluster: Cluster): ClusterType {
    return toClusterType(cluster, this.queries.connectionState(cluster));
  }

  private toPayload(result: Cluster | Refusal): ClusterPayload {
    return toPayload(result, (cluster) => ({ cluster: this.toType(cluster) }));
  }
}
