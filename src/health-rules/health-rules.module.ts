// Owns the health rules that hold for every application of the hub. An application's own belong to applications.
import { Module } from '@nestjs/common';
import { HealthRulesResolver } from './graphql/health-rules.resolver.ts';
import { HealthRulesCommands } from './health-rules-commands.ts';
import { HealthRulesQueries } from './health-rules-queries.ts';
import { HealthRulesStore } from './health-rules-store.ts';
import { PrismaHealthRulesStore } from './prisma-health-rules-store.ts';

@Module({
  providers: [
    { provide: HealthRulesStore, useClass: PrismaHealthRulesStore },
    HealthRulesCommands,
    HealthRulesQueries,
    HealthRulesResolver,
  ],
})
export class HealthRulesModule {}
