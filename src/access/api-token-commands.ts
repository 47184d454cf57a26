// Makes and revokes API tokens.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { newBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Database } from '../platform/database/database.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';
import { API_TOKEN_PREFIX } from './api-token-authenticator.ts';
import { ApiTokenStore } from './api-token-store.ts';
import { apiTokenProblems, type ApiToken, type ApiTokenRequest } from './domain/api-token.ts';
import type { UserPrincipal } from './domain/caller.ts';

/** A stored token and its secret, which is not kept. */
export interface CreatedApiToken {
  readonly apiToken: ApiToken;
  readonly secret: string;
}

@Injectable()
export class ApiTokenCommands {
  constructor(
    private readonly database: Database,
    private readonly tokens: ApiTokenStore,
    private readonly activity: ActivityLog,
    private readonly pubSub: PubSub,
    private readonly clock: Clock,
  ) {}

  async create(request: ApiTokenRequest, caller: UserPrincipal): Promise<CreatedApiToken> {
    const problems = apiTokenProblems(request);
    if (problems.length > 0) throw invalid('createApiToken', problems);
    const { secret, hash } = newBearerToken(API_TOKEN_PREFIX);
    const { expiresInMs, ...rest } = request;
    const createdAt = this.clock.now();
    const expiresAt = expiresInMs === null ? null : new Date(createdAt.getTime() + expiresInMs);
    const apiToken = await this.database.transaction(async (tx) => {
      const stored = await this.tokens.insert(tx, { ...rest, hash, createdAt, expiresAt });
      const message = `API token "${stored.name}" was made for ${stored.user} with the role ${stored.role}.`;
      await this.activity.record(tx, [{ kind: 'api-token.created', actor: caller.user, message }]);
      return stored;
    });
    return { apiToken, secret };
  }

  /** Revoking twice is no mistake. Sockets that the token opened are closed on every replica. */
  async revoke(id: bigint, caller: UserPrincipal): Promise<ApiToken> {
    return this.database.transaction(async (tx) => {
      const revoked = await this.tokens.revoke(tx, id, this.clock.now());
      if (!revoked)
        throw new AppError('NOT_FOUND', 'This API token does not exist; apiTokens lists those that do.');
      const { token, revokedNow } = revoked;
      if (!revokedNow) return token;
      const message = `API token "${token.name}" of ${token.user} was revoked.`;
      await this.activity.record(tx, [{ kind: 'api-token.revoked', actor: caller.user, message }]);
      tx.afterCommit(() => this.pubSub.publish('api-tokens.revoked', { tokenIds: [`${id}`] }));
      return token;
    });
  }
}
