// Queries of releases, and what a release leads to.
import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { ApplicationQueries } from '../../applications/application-queries.ts';
import type { Application } from '../../applications/domain/application.ts';
import { ApplicationType, toApplicationType } from '../../applications/graphql/application.type.ts';
import {
  connectionOf,
  PageArgs,
  toConnection,
  type Connection,
  type Page,
} from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { ReleaseQueries } from '../release-queries.ts';
import type { ListedBundle } from '../release-store.ts';
import { BundleType, ReleaseType, toReleaseType } from './release.type.ts';

@Resolver(() => ReleaseType)
export class ReleaseResolver {
  constructor(
    private readonly releases: ReleaseQueries,
    private readonly applications: ApplicationQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => ReleaseType, { nullable: true, description: 'One release of an application.' })
  async release(
    @Args('application', { type: () => String, description: 'The name of the application.' })
    application: string,
    @Args('number', { type: () => Int, description: '1, 2, 3 …' }) number: number,
  ): Promise<ReleaseType | null> {
    const release = await this.releases.byNumber(application, number);
    return release ? toReleaseType(release) : null;
  }

  @ResolveField(() => ApplicationType, { description: 'Of what it is a version.' })
  async application(
    @Parent() { row }: ReleaseType,
    @Context() context: RequestContext,
  ): Promise<ApplicationType> {
    const loader = context.loader<bigint, Application | undefined>('applicationById', (ids) =>
      this.applications.byIds(ids),
    );
    const application = await loader.load(row.applicationId);
    if (!application) throw new Error(`release ${row.id} has no application`);
    return toApplicationType(application);
  }

  @ResolveField(() => connectionOf(BundleType), {
    description: 'What it renders to: distinct bundles by environment.',
  })
  async bundles(
    @Parent() { row }: ReleaseType,
    @Args() { first, after }: PageArgs,
    @Context() context: RequestContext,
  ): Promise<Connection<BundleType>> {
    const cursor = decodeCursor(after, ['string', 'string']);
    const loader = context.loader<bigint, Page<ListedBundle>>(`bundlesOfRelease:${first}`, (ids) =>
      this.releases.firstBundlePages(ids, first),
    );
    const page = cursor ? await this.releases.bundlePage(row.id, first, cursor) : await loader.load(row.id);
    const sortKey = ({ environment, digest }: ListedBundle) => [environment, digest];
    return toConnection(page, { node: toBundleType, sortKey }, after);
  }
}

function toBundleType({ digest, environmentId, objects, bytes }: ListedBundle): BundleType {
  return { digest, environmentId, objects, bytes };
}
