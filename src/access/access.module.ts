// Owns users' API tokens, roles, and the guard before every operation.
import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { Authenticators } from '../platform/graphql/authenticators.ts';
import { AdminTokenBootstrap } from './admin-token-bootstrap.ts';
import { ApiTokenAuthenticator } from './api-token-authenticator.ts';
import { ApiTokenCommands } from './api-token-commands.ts';
import { ApiTokenQueries } from './api-token-queries.ts';
import { ApiTokenStore } from './api-token-store.ts';
import { ApiTokenUse } from './api-token-use.ts';
import { AccessGuard } from './graphql/access.guard.ts';
import { ApiTokenResolver } from './graphql/api-token.resolver.ts';
import { CallerRuleCheck } from './graphql/caller-rule-check.ts';
import { PrismaApiTokenStore } from './prisma-api-token-store.ts';
import { RevokedTokens } from './revoked-tokens.ts';
import { UserQueries } from './user-queries.ts';

@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: ApiTokenStore, useClass: PrismaApiTokenStore },
    { provide: APP_GUARD, useClass: AccessGuard },
    AdminTokenBootstrap,
    ApiTokenAuthenticator,
    ApiTokenCommands,
    ApiTokenQueries,
    ApiTokenResolver,
    ApiTokenUse,
    CallerRuleCheck,
    RevokedTokens,
    UserQueries,
  ],
  exports: [UserQueries],
})
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly authenticator: ApiTokenAuthenticator,
  ) {}

  onModuleInit(): void {
    this.authenticators.register(this.authenticator);
  }
}
