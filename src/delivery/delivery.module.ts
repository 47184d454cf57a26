// Owns instances and assignments, the API that agents use, and what agents reported.
import { Global, Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.ts';
import { FleetMembership } from '../clusters/fleet-membership-port.ts';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { EnvironmentsModule } from '../environments/environments.module.ts';
import { ReleasesModule } from '../releases/releases.module.ts';
import { AgentBell } from './agent-bell.ts';
import { AgentFeed } from './agent-feed.ts';
import { AgentFeedStore } from './agent-feed-store.ts';
import { AssignmentStore } from './assignment-store.ts';
import { BundleController } from './bundle.controller.ts';
import { DeliveryCommands } from './delivery-commands.ts';
import { DeliveryProcessor } from './delivery.processor.ts';
import { DeliveryQueries } from './delivery-queries.ts';
import { Doorbells } from './doorbells.ts';
import { FleetFollower } from './fleet-follower.ts';
import { AgentDeliveryResolver } from './graphql/agent-delivery.resolver.ts';
import { InstanceFieldsResolver } from './graphql/instance-fields.resolver.ts';
import { InstancePages } from './graphql/instance-pages.ts';
import { InstanceResolver } from './graphql/instance.resolver.ts';
import {
  ApplicationSummaryResolver,
  ClusterInstancesResolver,
  EnvironmentSummaryResolver,
} from './graphql/summary.resolvers.ts';
import { ClusterOrphansResolver, OrphanResolver } from './graphql/orphan.resolver.ts';
import { InstanceFeed } from './instance-feed.ts';
import { InstanceStore, SummaryStore } from './instance-store.ts';
import { InstructionCommands } from './instruction-commands.ts';
import { InstructionStore } from './instruction-store.ts';
import { MembershipStore } from './membership-store.ts';
import { PrismaAgentFeedStore } from './prisma-agent-feed-store.ts';
import { PrismaAssignmentStore } from './prisma-assignment-store.ts';
import { PrismaInstanceStore } from './prisma-instance-store.ts';
import { PrismaInstructionStore } from './prisma-instruction-store.ts';
import { PrismaMembershipStore } from './prisma-membership-store.ts';
import { PrismaReportStore } from './prisma-report-store.ts';
import { PrismaSummaryStore } from './prisma-summary-store.ts';
import { ReportCommands } from './report-commands.ts';
import { ReportIngestion } from './report-ingestion.ts';
import { OrphanCommands } from './orphan-commands.ts';
import { OrphanStore } from './orphan-store.ts';
import { PrismaOrphanStore } from './prisma-orphan-store.ts';
import { ReportStore } from './report-store.ts';

/** Global for the one port that it binds: features to its left ask whether a change removes instances. */
@Global()
@Module({
  imports: [ClustersModule, EnvironmentsModule, ApplicationsModule, ReleasesModule],
  controllers: [BundleController],
  providers: [
    { provide: AgentFeedStore, useClass: PrismaAgentFeedStore },
    { provide: AssignmentStore, useClass: PrismaAssignmentStore },
    { provide: FleetMembership, useClass: FleetFollower },
    { provide: InstanceStore, useClass: PrismaInstanceStore },
    { provide: InstructionStore, useClass: PrismaInstructionStore },
    { provide: MembershipStore, useClass: PrismaMembershipStore },
    { provide: OrphanStore, useClass: PrismaOrphanStore },
    { provide: ReportStore, useClass: PrismaReportStore },
    { provide: SummaryStore, useClass: PrismaSummaryStore },
    AgentBell,
    AgentDeliveryResolver,
    AgentFeed,
    ApplicationSummaryResolver,
    ClusterInstancesResolver,
    DeliveryCommands,
    DeliveryProcessor,
    DeliveryQueries,
    Doorbells,
    EnvironmentSummaryResolver,
    InstanceFeed,
    InstanceFieldsResolver,
    InstancePages,
    InstanceResolver,
    InstructionCommands,
    OrphanCommands,
    OrphanResolver,
    ClusterOrphansResolver,
    ReportCommands,
    ReportIngestion,
  ],
  exports: [FleetMembership, DeliveryCommands, DeliveryQueries, InstructionCommands],
})
export class DeliveryModule {}
