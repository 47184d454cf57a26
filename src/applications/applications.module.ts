// Applications owns what can be deployed: sources, sync policies, repositories and their credentials.
import { Global, Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { PoliciesModule } from '../policies/policies.module.ts';
import { PolicyUsers } from '../policies/policy-users-port.ts';
import { ApplicationCommands } from './application-commands.ts';
import { ApplicationDrafts } from './application-drafts.ts';
import { ApplicationQueries } from './application-queries.ts';
import { ApplicationStore } from './application-store.ts';
import { ApplicationResolver } from './graphql/application.resolver.ts';
import { RepositoryResolver } from './graphql/repository.resolver.ts';
import { PrismaApplicationStore } from './prisma-application-store.ts';
import { PrismaPolicyUsers } from './prisma-policy-users.ts';
import { PrismaRepositoryStore } from './prisma-repository-store.ts';
import { RepositoryCommands } from './repository-commands.ts';
import { RepositoryFetchCommands } from './repository-fetch-commands.ts';
import { RepositoryQueries } from './repository-queries.ts';
import { RepositoryStore } from './repository-store.ts';

/** Global for the one port that it binds: policies ask who follows them. */
@Global()
@Module({
  imports: [ClustersModule, PoliciesModule],
  providers: [
    { provide: ApplicationStore, useClass: PrismaApplicationStore },
    { provide: PolicyUsers, useClass: PrismaPolicyUsers },
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
  exports: [PolicyUsers, ApplicationQueries, RepositoryQueries, RepositoryFetchCommands],
})
export class ApplicationsModule {}
