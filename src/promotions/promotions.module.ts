// Owns promotions: which release may enter which environment, how its rollout ends, and why anything waits.
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ActivityModule } from '../activity/activity.module.ts';
import { ApplicationsModule } from '../applications/applications.module.ts';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { DeliveryModule } from '../delivery/delivery.module.ts';
import { EnvironmentsModule } from '../environments/environments.module.ts';
import { ReleasesModule } from '../releases/releases.module.ts';
import { decisionProviders } from './decision-providers.ts';
import { ChecksModule } from './checks/checks.module.ts';
import { Automation } from './automation.ts';
import { GateFactsStore } from './gate-facts-store.ts';
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
import { PendingGates } from './pending-gates.ts';
import { PrismaGateFactsStore } from './prisma-gate-facts-store.ts';
import { PrismaPromotionFactsStore } from './prisma-promotion-facts-store.ts';
import { PrismaPromotionReadStore } from './prisma-promotion-read-store.ts';
import { PrismaPromotionStore } from './prisma-promotion-store.ts';
import { PrismaQualificationStore } from './prisma-qualification-store.ts';
import { PrismaRolloutStore } from './prisma-rollout-store.ts';
import { PromotionEffects } from './promotion-effects.ts';
import { PromotionExplanations } from './promotion-explanations.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionFeed } from './promotion-feed.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import { PromotionChooser } from './promotion-chooser.ts';
import { PromotionStarter } from './promotion-starter.ts';
import { PromotionStore } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';
import { PromotionTurns } from './promotion-turns.ts';
import { PromotionWaker } from './promotion-waker.ts';
import { PromotionsProcessor } from './promotions.processor.ts';
import { QualificationStore } from './qualification-store.ts';
import { QualificationWatch } from './qualification-watch.ts';
import { RollbackPreparation } from './rollback-preparation.ts';
import { RolloutExplanations } from './rollout-explanations.ts';
import { RolloutFailure } from './rollout-failure.ts';
import { RolloutPlanner } from './rollout-planner.ts';
import { RolloutReader } from './rollout-reader.ts';
import { RolloutRules } from './rollout-rules.ts';
import { RolloutSettler } from './rollout-settler.ts';
import { RolloutStore } from './rollout-store.ts';
import { Rollouts } from './rollouts.ts';
import { WaveAssigner } from './wave-assigner.ts';
import { WaveGates } from './wave-gates.ts';
import { SlotAdvancer } from './slot-advancer.ts';
import { SlotPace } from './slot-pace.ts';

const stores = [
  { provide: GateFactsStore, useClass: PrismaGateFactsStore },
  { provide: PromotionStore, useClass: PrismaPromotionStore },
  { provide: PromotionFactsStore, useClass: PrismaPromotionFactsStore },
  { provide: PromotionReadStore, useClass: PrismaPromotionReadStore },
  { provide: QualificationStore, useClass: PrismaQualificationStore },
  { provide: RolloutStore, useClass: PrismaRolloutStore },
];

const engine = [
  Automation,
  GateReader,
  GoneSlots,
  JoinedClusters,
  PendingGates,
  PromotionEffects,
  PromotionExplanations,
  PromotionFeed,
  PromotionChooser,
  PromotionStarter,
  PromotionTransitions,
  PromotionTurns,
  PromotionWaker,
  SlotPace,
  PromotionsProcessor,
  QualificationWatch,
  RollbackPreparation,
  RolloutExplanations,
  RolloutFailure,
  RolloutPlanner,
  RolloutReader,
  RolloutRules,
  RolloutSettler,
  Rollouts,
  SlotAdvancer,
  WaveAssigner,
  WaveGates,
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
    AccessModule,
    ActivityModule,
    ApplicationsModule,
    ChecksModule,
    ClustersModule,
    DeliveryModule,
    EnvironmentsModule,
    ReleasesModule,
  ],
  providers: [...stores, ...engine, ...graphql, ...decisionProviders, ...historyProviders],
})
export class PromotionsModule {}
