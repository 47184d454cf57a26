// Owns promotions: which release may enter which environment, how its rollout ends, and why anything waits.
import { Module } from '@nestjs/common';
import { ActivityModule } from '../activity/activity.module.ts';
import { ApplicationsModule } from '../applications/applications.module.ts';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { DeliveryModule } from '../delivery/delivery.module.ts';
import { EnvironmentsModule } from '../environments/environments.module.ts';
import { ReleasesModule } from '../releases/releases.module.ts';
import { ChecksModule } from './checks/checks.module.ts';
import { Automation } from './automation.ts';
import { GateReader } from './gate-reader.ts';
import {
  ApplicationSlotsResolver,
  InstanceFieldsResolver,
  ReleasePromotionsResolver,
} from './graphql/instance-fields.resolver.ts';
import { PromotionFieldsResolver } from './graphql/promotion-fields.resolver.ts';
import { PromotionLinks } from './graphql/promotion.links.ts';
import { PromotionResolver } from './graphql/promotion.resolver.ts';
import { SlotExplanations } from './graphql/slot-explanations.ts';
import { SlotFieldsResolver } from './graphql/slot-fields.resolver.ts';
import { SlotResolver } from './graphql/slot.resolver.ts';
import { TargetResolver, WaveResolver } from './graphql/wave.resolver.ts';
import { GoneSlots } from './gone-slots.ts';
import { historyProviders } from './history/history-providers.ts';
import { JoinedClusters } from './joined-clusters.ts';
import { PrismaPromotionFactsStore } from './prisma-promotion-facts-store.ts';
import { PrismaPromotionReadStore } from './prisma-promotion-read-store.ts';
import { PrismaPromotionStore } from './prisma-promotion-store.ts';
import { PromotionCommands } from './promotion-commands.ts';
import { PromotionExplanations } from './promotion-explanations.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionFeed } from './promotion-feed.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import { PromotionStarter } from './promotion-starter.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import { PromotionWaker } from './promotion-waker.ts';
import { PromotionsProcessor } from './promotions.processor.ts';
import { RolloutSettler } from './rollout-settler.ts';
import { SlotAdvancer } from './slot-advancer.ts';

const stores = [
  { provide: PromotionStore, useClass: PrismaPromotionStore },
  { provide: PromotionFactsStore, useClass: PrismaPromotionFactsStore },
  { provide: PromotionReadStore, useClass: PrismaPromotionReadStore },
];

const engine = [
  Automation,
  GateReader,
  GoneSlots,
  JoinedClusters,
  PromotionCommands,
  PromotionExplanations,
  PromotionFeed,
  PromotionStarter,
  PromotionTransitions,
  PromotionWaker,
  PromotionsProcessor,
  RolloutSettler,
  SlotAdvancer,
];

const graphql = [
  ApplicationSlotsResolver,
  InstanceFieldsResolver,
  PromotionFieldsResolver,
  PromotionLinks,
  PromotionResolver,
  ReleasePromotionsResolver,
  SlotExplanations,
  SlotFieldsResolver,
  SlotResolver,
  TargetResolver,
  WaveResolver,
];

@Module({
  imports: [
    ActivityModule,
    ApplicationsModule,
    ChecksModule,
    ClustersModule,
    DeliveryModule,
    EnvironmentsModule,
    ReleasesModule,
  ],
  providers: [...stores, ...engine, ...graphql, ...historyProviders],
})
export class PromotionsModule {}
