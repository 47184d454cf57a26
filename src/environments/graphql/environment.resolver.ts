// The API of environments.
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { ClusterQueries } from '../../clusters/cluster-queries.ts';
import { ClusterType, toClusterType } from '../../clusters/graphql/cluster.type.ts';
import { toConsent } from '../../clusters/graphql/removal-args.type.ts';
import { connectionOf, PageArgs, toConnection, type Connection } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { decodeId } from '../../platform/graphql/opaque-id.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { DeletePayload, payloadOf, toPayload, type Payload } from '../../platform/graphql/payload.ts';
import { EnvironmentCommands } from '../environment-commands.ts';
import { EnvironmentQueries } from '../environment-queries.ts';
import { DeleteEnvironmentArgs, SaveEnvironmentArgs } from './environment.inputs.ts';
import { EnvironmentType, toEnvironmentType } from './environment.type.ts';

const SaveEnvironmentPayload = payloadOf('SaveEnvironmentPayload', 'environment', EnvironmentType);
type SaveEnvironmentPayload = Payload<{ environment: typeof EnvironmentType }>;

@Resolver(() => EnvironmentType)
export class EnvironmentResolver {
  constructor(
    private readonly commands: EnvironmentCommands,
    private readonly queries: EnvironmentQueries,
    private readonly clusterQueries: ClusterQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => EnvironmentType, { nullable: true, description: 'One environment.' })
  async environment(
    @Args('name', { type: () => String, description: 'Its name.' }) name: string,
  ): Promise<EnvironmentType | null> {
    const environment = await this.queries.byName(name);
    return environment ? toEnvironmentType(environment) : null;
  }

  @Requires('VIEWER')
  @Query(() => connectionOf(EnvironmentType), { description: 'Environments by name.' })
  async environments(@Args() { first, after }: PageArgs): Promise<Connection<EnvironmentType>> {
    const [afterName] = decodeCursor(after, ['string']) ?? [];
    const page = await this.queries.page(first, afterName);
    return toConnection(page, { node: toEnvironmentType, sortKey: ({ name }) => [name] }, after);
  }

  @Requires('ADMIN')
  @Mutation(() => SaveEnvironmentPayload, {
    description:
      'Makes an environment or changes its selector. Refused with REMOVES_INSTANCES where instances would go that were not confirmed.',
  })
  async saveEnvironment(
    @Args() args: SaveEnvironmentArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SaveEnvironmentPayload> {
    const saved = await this.commands.save(args.input, toConsent(args), caller);
    return toPayload(saved, (environment) => ({ environment: toEnvironmentType(environment) }));
  }

  @Requires('ADMIN')
  @Mutation(() => DeletePayload, {
    description: 'Deletes an environment, and the instances in it if that was confirmed.',
  })
  async deleteEnvironment(
    @Args() args: DeleteEnvironmentArgs,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<DeletePayload> {
    return toPayload(await this.commands.delete(args.name, toConsent(args), caller), (deleted) => ({
      deleted,
    }));
  }

  @ResolveField(() => connectionOf(ClusterType), {
    description: 'The accepted clusters that its selector matches, by name.',
  })
  async clusters(
    @Parent() environment: EnvironmentType,
    @Args() { first, after }: PageArgs,
    @Context() context: RequestContext,
  ): Promise<Connection<ClusterType>> {
    const [afterName] = decodeCursor(after, ['string']) ?? [];
    const loader = context.loader(
      `clusters of environments ${first} ${afterName ?? ''}`,
      (ids: readonly bigint[]) => this.clusterQueries.pagesOfEnvironments(ids, first, afterName),
    );
    const page = await loader.load(decodeId('environment', environment.id));
    const node = (cluster: (typeof page.rows)[number]) =>
      toClusterType(cluster, this.clusterQueries.connectionState(cluster));
    return toConnection(page, { node, sortKey: ({ name }) => [name] }, after);
  }
}
