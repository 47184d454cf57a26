// The whole hub: the platform, and every feature in its order (a feature knows only those above it).
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule } from './access/access.module.ts';
import { ActivityModule } from './activity/activity.module.ts';
import { graphqlOptions } from './platform/graphql/graphql-options.ts';
import { PlatformModule, type PlatformParts } from './platform/platform.module.ts';

const features = [ActivityModule, AccessModule];

@Module({})
export class HubModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    return {
      module: HubModule,
      imports: [PlatformModule.forRoot(parts), GraphQLModule.forRoot(graphqlOptions), ...features],
    };
  }
}
