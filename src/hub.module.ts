// The whole hub: the platform, and every feature in its order (a feature knows only those above it).
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule } from './access/access.module.ts';
import { ActivityModule } from './activity/activity.module.ts';
import { ApplicationsModule } from './applications/applications.module.ts';
import { ClustersModule } from './clusters/clusters.module.ts';
import { DeliveryModule } from './delivery/delivery.module.ts';
import { EnvironmentsModule } from './environments/environments.module.ts';
import { HealthRulesModule } from './health-rules/health-rules.module.ts';
import { graphqlOptions } from './platform/graphql/graphql-options.ts';
import { PlatformModule, type PlatformParts } from './platform/platform.module.ts';
import { PoliciesModule } from './policies/policies.module.ts';
import { PromotionsModule } from './promotions/promotions.module.ts';
import { ReleasesModule } from './releases/releases.module.ts';

const features = [
  ActivityModule,
  AccessModule,
  ClustersModule,
  EnvironmentsModule,
  PoliciesModule,
  HealthRulesModule,
  ApplicationsModule,
  ReleasesModule,
  DeliveryModule,
  PromotionsModule,
];

@Module({})
export class HubModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    return {
      module: HubModule,
      imports: [PlatformModule.forRoot(parts), GraphQLModule.forRoot(graphqlOptions), ...features],
    };
  }
}
