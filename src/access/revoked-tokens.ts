// On every replica: a revoked token is forgotten and the sockets that it opened are closed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SocketCheck } from '../platform/graphql/socket-check.ts';
import { CLOSE_UNAUTHENTICATED, SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { ApiTokenAuthenticator } from './api-token-authenticator.ts';
import { ApiTokenStore } from './api-token-store.ts';
import { isUser, type UserPrincipal } from './domain/caller.ts';

@Injectable()
export class RevokedTokens implements OnModuleInit {
  constructor(
    private readonly authenticator: ApiTokenAuthenticator,
    private readonly tokens: ApiTokenStore,
    private readonly sockets: SocketRegistry,
    private readonly pubSub: PubSub,
    private readonly check: SocketCheck,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('api-tokens.revoked', ({ tokenIds }) => this.end(new Set(tokenIds.map(BigInt))));
    this.check.add({
      matches: isUser,
      findEnded: (users) => this.findRevoked(users),
      forget: () => this.authenticator.forget(),
      code: CLOSE_UNAUTHENTICATED,
      reason: 'the token was revoked',
    });
  }

  private end(tokenIds: ReadonlySet<bigint>): void {
    this.authenticator.forget();
    this.sockets.close(
      (principal) => isUser(principal) && principal.tokenId !== null && tokenIds.has(principal.tokenId),
      CLOSE_UNAUTHENTICATED,
      'the token was revoked',
    );
  }

  private async findRevoked(users: readonly UserPrincipal[]): Promise<readonly UserPrincipal[]> {
    const ids = new Set(users.flatMap(({ tokenId }) => tokenId ?? []));
    const good = new Set(await this.tokens.unrevoked([...ids]));
    return users.filter(({ tokenId }) => tokenId !== null && !good.has(tokenId));
  }
}
