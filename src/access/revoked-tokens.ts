// On every replica: a revoked token is forgotten and the sockets that it opened are closed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOSE_UNAUTHENTICATED, SocketRegistry } from '../platform/graphql/socket-registry.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { ApiTokenAuthenticator } from './api-token-authenticator.ts';
import { isUser } from './domain/caller.ts';

@Injectable()
export class RevokedTokens implements OnModuleInit {
  constructor(
    private readonly authenticator: ApiTokenAuthenticator,
    private readonly sockets: SocketRegistry,
    private readonly pubSub: PubSub,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe('api-tokens.revoked', ({ tokenIds }) => this.end(new Set(tokenIds)));
    // What was revoked while the connection was away is asked of the database again.
    this.pubSub.onResync(() => this.authenticator.forget());
  }

  private end(tokenIds: ReadonlySet<string>): void {
    this.authenticator.forget();
    this.sockets.close(
      (principal) => isUser(principal) && tokenIds.has(`${principal.tokenId}`),
      CLOSE_UNAUTHENTICATED,
      'the token was revoked',
    );
  }
}
