// Applications owns what can be deployed: sources, sync policies, repositories and their credentials.
import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { PoliciesModule } from '../policies/policies.module.ts';
import { ApplicationCommands } from './application-commands.ts';
import { ApplicationDrafts } from './application-drafts.ts';
import { ApplicationQueries } from './application-queries.ts';
import { ApplicationStore } from './application-store.ts';
import { ApplicationResolver } from './graphql/application.resolver.ts';
import { RepositoryResolver } from './graphql/repository.resolver.ts';
import { PrismaApplicationStore } from './prisma-application-store.ts';
import { PrismaRepositoryStore } from './prisma-repository-store.ts';
import { RepositoryCommands } from './repository-commands.ts';
import { RepositoryFetchCommands } from './repository-fetch-commands.ts';
import { RepositoryQueries } from './repository-queries.ts';
import { RepositoryStore } from './repository-store.ts';

@Module({
  imports: [ClustersModule, PoliciesModule],
  providers: [
    { provide: ApplicationStore, useClass: PrismaApplicationStore },
    { provide: RepositoryStore, useClass: PrismaRepositoryStore },
    ApplicationDrafts,
    ApplicationCommands,
    ApplicationQueries,
    ApplicationResolver,
    RepositoryCommands,
    RepositoryFetchCommands,
    RepositoryQueries,
    RepositoryResolver,
  ],
  exports: [ApplicationQueries, RepositoryQueries, RepositoryFetchCommands],
})
export class ApplicationsModule {}
