// Owns environments: named sets of clusters, and which cluster is in which.
import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { EnvironmentCommands } from './environment-commands.ts';
import { EnvironmentMemberCommands } from './environment-member-commands.ts';
import { EnvironmentQueries } from './environment-queries.ts';
import { EnvironmentStore } from './environment-store.ts';
import { EnvironmentResolver } from './graphql/environment.resolver.ts';
import { PrismaEnvironmentStore } from './prisma-environment-store.ts';

@Module({
  imports: [ClustersModule],
  providers: [
    { provide: EnvironmentStore, useClass: PrismaEnvironmentStore },
    EnvironmentCommands,
    EnvironmentMemberCommands,
    EnvironmentQueries,
    EnvironmentResolver,
  ],
  exports: [EnvironmentMemberCommands, EnvironmentQueries],
})
export class EnvironmentsModule {}
