// The query of previews, and the lists that it leads to.
import { Args, ArgsType, Field, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import {
  connectionOf,
  PageArgs,
  pageOf,
  toConnection,
  type Connection,
} from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { CommitType, toCommitType } from '../../releases/graphql/commit.type.ts';
import { ReleaseCommands } from '../../releases/release-commands.ts';
import { ReleaseQueries } from '../../releases/release-queries.ts';
import { ChangeComparison } from '../preview/change-comparison.ts';
import { PromotionPreviews } from '../preview/promotion-preview.ts';
import { toGateResultType } from './gate-result.type.ts';
import { PreviewChangeType, PromotionPreviewType } from './promotion-preview.type.ts';
import { toPlannedWaveType } from './to-promotion-type.ts';

@ArgsType()
class PreviewArgs {
  @Field(() => String, { description: 'The application.' })
  application!: string;

  @Field(() => String, { description: 'Where the release would go.' })
  environment!: string;

  @Field(() => Int, { description: 'The number of the release.' })
  release!: number;
}

@Resolver(() => PromotionPreviewType)
export class PromotionPreviewResolver {
  constructor(
    private readonly previews: PromotionPreviews,
    private readonly comparison: ChangeComparison,
    private readonly renders: ReleaseCommands,
    private readonly releases: ReleaseQueries,
  ) {}

  @Requires('VIEWER')
  @Query(() => PromotionPreviewType, {
    description: 'What would happen if the release were promoted now: waves, gates, commits and changes.',
  })
  async previewPromotion(
    @Args() { application, environment, release }: PreviewArgs,
    @CurrentUser() { user }: UserPrincipal,
  ): Promise<PromotionPreviewType> {
    const request = { application, environment, release, requestedBy: user };
    const subject = await this.previews.subject(request);
    const rendered = await this.renders.ensureBundles(subject.release.id, subject.names.environmentId);
    const preview = await this.previews.preview(request, subject, rendered);
    const { currentNumber, assigned } = preview;
    return {
      source: { ...subject, currentNumber, assigned, rendered },
      allowed: preview.refusal === undefined,
      refusal: preview.refusal ?? null,
      waves: preview.waves.map((wave) => toPlannedWaveType(wave, rendered.errors)),
      gates: preview.gates.map(toGateResultType),
    };
  }

  @ResolveField(() => connectionOf(CommitType), {
    description: 'The commits that it would bring, the newest first.',
  })
  async commits(
    @Parent() { source }: PromotionPreviewType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<CommitType>> {
    const { names, release, currentNumber } = source;
    const range = { applicationId: names.applicationId, after: currentNumber, upTo: release.number };
    const page = await this.releases.commitPage(range, first, decodeCursor(after, ['number', 'number']));
    return toConnection(
      page,
      { node: toCommitType, sortKey: ({ releaseNumber, position }) => [releaseNumber, position] },
      after,
    );
  }

  @ResolveField(() => connectionOf(PreviewChangeType), {
    description: 'What it would change in the clusters, one entry for each identical change.',
  })
  async changes(
    @Parent() { source }: PromotionPreviewType,
    @Args() { first, after }: PageArgs,
  ): Promise<Connection<PreviewChangeType>> {
    const [from = -1] = decodeCursor(after, ['number']) ?? [];
    const changes = await this.comparison.changes(source.assigned, source.rendered.bundles);
    const rows = changes.map((change, position) => ({ ...change, position }));
    const page = { ...pageOf(rows.slice(from + 1), first), totalCount: rows.length };
    return toConnection(page, { node: toChangeType, sortKey: ({ position }) => [position] }, after);
  }
}

function toChangeType({ object, change, diff, clusters }: PreviewChangeType): PreviewChangeType {
  return { object, change, diff, clusters };
}
