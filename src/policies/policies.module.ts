// Policies owns the way of releases through environments: steps and their immutable revisions.
import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { PolicyResolver } from './graphql/policy.resolver.ts';
import { DependencyQueries } from './dependency-queries.ts';
import { PolicyCommands } from './policy-commands.ts';
import { PolicyDrafts } from './policy-drafts.ts';
import { PolicyQueries } from './policy-queries.ts';
import { PolicyStore } from './policy-store.ts';
import { PrismaPolicyStore } from './prisma-policy-store.ts';

@Module({
  imports: [ClustersModule],
  providers: [
    { provide: PolicyStore, useClass: PrismaPolicyStore },
    DependencyQueries,
    PolicyCommands,
    PolicyDrafts,
    PolicyQueries,
    PolicyResolver,
  ],
  exports: [DependencyQueries, PolicyQueries],
})
export class PoliciesModule {}
