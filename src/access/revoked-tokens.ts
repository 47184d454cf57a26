// On every replica: a revoked token is forgotten and the sockets that it opened are closed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOSE_UNAUTHENTICATED, SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { Log } from '../platform/logging/log.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { ApiTokenAuthenticator } from './api-token-authenticator.ts';
import { ApiTokenStore } from './api-token-store.ts';
import { isUser } from './domain/caller.ts';

@Injectable()
export class RevokedTokens implements OnModuleInit {
  constructor(
    private readonly authenticator: ApiTokenAuthenticator,
    private readonly tokens: ApiTokenStore,
    private readonly sockets: SocketRegistry,
    private readonly pubSub: PubSub,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('api-tokens.revoked', ({ tokenIds }) => this.end(new Set(tokenIds.map(BigInt))));
    this.pubSub.onResync(() => void this.recheck());
  }

  private end(tokenIds: ReadonlySet<bigint>): void {
    this.authenticator.forget();
    this.sockets.close(
      (principal) => isUser(principal) && principal.tokenId !== null && tokenIds.has(principal.tokenId),
      CLOSE_UNAUTHENTICATED,
      'the token was revoked',
    );
  }

  /** Messages may have been lost: tokens that were revoked meanwhile are found by asking. */
  private async recheck(): Promise<void> {
    const open = new Set<bigint>();
    this.sockets.count((principal) => {
      if (isUser(principal) && principal.tokenId !== null) open.add(principal.tokenId);
      return false;
    });
    try {
      const good = new Set(await this.tokens.unrevoked([...open]));
      this.end(new Set([...open].filter((id) => !good.has(id))));
    } catch (error) {
      this.log.warn('sockets could not be checked after the fan-out was away', { error });
    }
  }
}
