// Releases owns the way from a commit to bundles: fetch, change detection, render, immutable numbered releases.
import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.ts';
import { EnvironmentsModule } from '../environments/environments.module.ts';
import { GitModule } from '../platform/git/git.module.ts';
import { RenderModule } from '../platform/render/render.module.ts';
import { BundleStore } from './bundle-store.ts';
import { ApplicationReleasesResolver } from './graphql/application-releases.resolver.ts';
import { BundleResolver } from './graphql/bundle.resolver.ts';
import { ReleaseResolver } from './graphql/release.resolver.ts';
import { InputRenderer } from './input-renderer.ts';
import { LateBundles } from './late-bundles.ts';
import { PrismaBundleStore } from './prisma-bundle-store.ts';
import { PrismaReleaseStore } from './prisma-release-store.ts';
import { PrismaSourceStateStore } from './prisma-source-state-store.ts';
import { ReleaseCommands } from './release-commands.ts';
import { ReleaseGit } from './release-git.ts';
import { ReleaseQueries } from './release-queries.ts';
import { ReleaseStore } from './release-store.ts';
import { ReleaseWriter } from './release-writer.ts';
import { ReleaseProcessor } from './release.processor.ts';
import { SourceFetcher } from './source-fetcher.ts';
import { SourceLooks } from './source-look.ts';
import { SourceRefresh } from './source-refresh.ts';
import { SourceStateStore } from './source-state-store.ts';

@Module({
  imports: [ApplicationsModule, EnvironmentsModule, GitModule, RenderModule],
  providers: [
    { provide: ReleaseStore, useClass: PrismaReleaseStore },
    { provide: BundleStore, useClass: PrismaBundleStore },
    { provide: SourceStateStore, useClass: PrismaSourceStateStore },
    ApplicationReleasesResolver,
    BundleResolver,
    InputRenderer,
    LateBundles,
    ReleaseCommands,
    ReleaseGit,
    ReleaseProcessor,
    ReleaseQueries,
    ReleaseResolver,
    ReleaseWriter,
    SourceFetcher,
    SourceLooks,
    SourceRefresh,
  ],
  exports: [ReleaseCommands, ReleaseQueries],
})
export class ReleasesModule {}
