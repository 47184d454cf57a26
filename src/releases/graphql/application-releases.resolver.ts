// The releases of an application, and the refresh that makes one now.
import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { ApplicationQueries } from '../../applications/application-queries.ts';
import { ApplicationType, toApplicationType } from '../../applications/graphql/application.type.ts';
import {
  connectionOf,
  PageArgs,
  toConnection,
  type Connection,
  type Page,
} from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { payloadOf, type Payload } from '../../platform/graphql/payload.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import type { Release } from '../domain/release.ts';
import { ReleaseCommands } from '../release-commands.ts';
import { ReleaseQueries } from '../release-queries.ts';
import { ReleaseType, toReleaseType } from './release.type.ts';

const RefreshApplicationPayload = payloadOf('RefreshApplicationPayload', 'application', ApplicationType);
type RefreshApplicationPayload = Payload<{ application: typeof ApplicationType }>;

@Resolver(() => ApplicationType)
export class ApplicationReleasesResolver {
  constructor(
    private readonly commands: ReleaseCommands,
    private readonly releases: ReleaseQueries,
    private readonly applications: ApplicationQueries,
  ) {}

  @ResolveField(() => ReleaseType, { nullable: true, description: 'The newest release.' })
  async latestRelease(
    @Parent() { row }: ApplicationType,
    @Context() context: RequestContext,
  ): Promise<ReleaseType | null> {
    const loader = context.loader<bigint, Release | undefined>('latestRelease', (ids) =>
      this.releases.latest(ids),
    );
    const release = await loader.load(row.id);
    return release ? toReleaseType(release) : null;
  }

  @ResolveField(() => connectionOf(ReleaseType), { name: 'releases', description: 'Newest first.' })
  async allReleases(
    @Parent() { row }: ApplicationType,
    @Args() { first, after }: PageArgs,
    @Context() context: RequestContext,
  ): Promise<Connection<ReleaseType>> {
    const cursor = decodeCursor(after, ['number']);
    const loader = context.loader<bigint, Page<Release>>(`releasesOfApplication:${first}`, (ids) =>
      this.releases.firstPages(ids, first),
    );
    const page = cursor ? await this.releases.page(row.id, first, cursor[0]) : await loader.load(row.id);
    return toConnection(page, { node: toReleaseType, sortKey: ({ number }) => [number] }, after);
  }

  @Requires('OPERATOR')
  @Mutation(() => RefreshApplicationPayload, {
    description: 'Fetches and renders now, and answers when that is done; a fault is in `sourceError`.',
  })
  async refreshApplication(
    @Args('name', { type: () => String, description: 'The name of the application.' }) name: string,
  ): Promise<RefreshApplicationPayload> {
    const { id } = await this.applications.required(name);
    await this.commands.refresh(id);
    return { application: toApplicationType(await this.applications.required(name)) };
  }
}
