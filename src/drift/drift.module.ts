// Owns drift: what is open, what was, what is accepted, and every question about it.
import { Global, Module } from '@nestjs/common';
import { ActivityModule } from '../activity/activity.module.ts';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { DeliveryModule } from '../delivery/delivery.module.ts';
import { DriftLedger } from '../delivery/drift-port.ts';
import { ReleasesModule } from '../releases/releases.module.ts';
import { ClusterComparison } from './cluster-comparison.ts';
import { DriftFeed } from './drift-feed.ts';
import { DriftGauges } from './drift-gauges.ts';
import { DriftHistory } from './drift-history.ts';
import { DriftKeeper } from './drift-keeper.ts';
import { DriftProcessor } from './drift.processor.ts';
import { DriftQueries } from './drift-queries.ts';
import { DriftReadStore } from './drift-read-store.ts';
import { DriftStore } from './drift-store.ts';
import { DriftTally } from './drift-tally.ts';
import { ExceptionCommands } from './exception-commands.ts';
import { ExceptionSpreading } from './exception-spreading.ts';
import { ExceptionStore } from './exception-store.ts';
import { CompareClustersResolver } from './graphql/compare-clusters.resolver.ts';
import { DriftExceptionResolver } from './graphql/drift-exception.resolver.ts';
import {
  DriftEpisodeFieldsResolver,
  DriftItemFieldsResolver,
  InstanceDriftResolver,
} from './graphql/drift-fields.resolver.ts';
import { DriftResolver } from './graphql/drift.resolver.ts';
import { HealCommands } from './heal-commands.ts';
import { HealStore } from './heal-store.ts';
import { HistoryStore } from './history-store.ts';
import { PrismaDriftReadStore } from './prisma-drift-read-store.ts';
import { PrismaDriftStore } from './prisma-drift-store.ts';
import { PrismaExceptionStore } from './prisma-exception-store.ts';
import { PrismaHealStore } from './prisma-heal-store.ts';
import { PrismaHistoryStore } from './prisma-history-store.ts';

const stores = [
  { provide: DriftReadStore, useClass: PrismaDriftReadStore },
  { provide: DriftStore, useClass: PrismaDriftStore },
  { provide: ExceptionStore, useClass: PrismaExceptionStore },
  { provide: HealStore, useClass: PrismaHealStore },
  { provide: HistoryStore, useClass: PrismaHistoryStore },
];

const graphql = [
  CompareClustersResolver,
  DriftEpisodeFieldsResolver,
  DriftExceptionResolver,
  DriftItemFieldsResolver,
  DriftResolver,
  InstanceDriftResolver,
];

/** Global for the one port that it binds: delivery hands it the drift of every report. */
@Global()
@Module({
  imports: [ActivityModule, ClustersModule, DeliveryModule, ReleasesModule],
  providers: [
    ...stores,
    ...graphql,
    ClusterComparison,
    DriftFeed,
    DriftGauges,
    DriftHistory,
    DriftKeeper,
    DriftProcessor,
    DriftQueries,
    DriftTally,
    ExceptionCommands,
    ExceptionSpreading,
    HealCommands,
    { provide: DriftLedger, useExisting: DriftKeeper },
  ],
  exports: [DriftLedger, DriftQueries],
})
export class DriftModule {}
