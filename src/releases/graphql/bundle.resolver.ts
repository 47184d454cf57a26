// What a bundle leads to.
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Environment } from '../../environments/domain/environment.ts';
import { EnvironmentQueries } from '../../environments/environment-queries.ts';
import { EnvironmentType, toEnvironmentType } from '../../environments/graphql/environment.type.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { BundleType } from './release.type.ts';

@Resolver(() => BundleType)
export class BundleResolver {
  constructor(private readonly environments: EnvironmentQueries) {}

  @ResolveField(() => EnvironmentType, { description: 'The environment that it was rendered for.' })
  async environment(
    @Parent() { environmentId }: BundleType,
    @Context() context: RequestContext,
  ): Promise<EnvironmentType> {
    const loader = context.loader<bigint, Environment | undefined>('environmentById', (ids) =>
      this.environments.byIds(ids),
    );
    const environment = await loader.load(environmentId);
    if (!environment) throw new Error(`environment ${environmentId} of a bundle is gone`);
    return toEnvironmentType(environment);
  }
}
