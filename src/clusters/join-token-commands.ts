// Makes and revokes join tokens.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { newBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Database } from '../platform/database/database.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { JoinTokenStore } from './join-token-store.ts';
import { joinTokenProblems, type JoinToken, type JoinTokenRequest } from './domain/join-token.ts';
import { readLabels } from './domain/labels.ts';

/** What every join token begins with. */
export const JOIN_TOKEN_PREFIX = 'fl_join_';

/** A request whose labels nobody has checked yet. */
export interface JoinTokenInput extends Omit<JoinTokenRequest, 'labels'> {
  readonly labels: unknown;
}

/** A stored token and its secret, which is not kept. */
export interface CreatedJoinToken {
  readonly joinToken: JoinToken;
  readonly secret: string;
}

@Injectable()
export class JoinTokenCommands {
  constructor(
    private readonly database: Database,
    private readonly tokens: JoinTokenStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
  ) {}

  async create(input: JoinTokenInput, caller: { readonly user: string }): Promise<CreatedJoinToken> {
    const { expiresInMs, ...request } = checkedRequest(input);
    const { secret, hash } = newBearerToken(JOIN_TOKEN_PREFIX);
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + expiresInMs);
    const joinToken = await this.database.transaction(async (tx) => {
      const stored = await this.tokens.insert(tx, {
        ...request,
        hash,
        createdAt,
        expiresAt,
        createdBy: caller.user,
      });
      const replaces = stored.replaces === null ? '' : `, to replace "${stored.replaces}"`;
      const message = `A join token for "${stored.clusterName}" was made${replaces}; it ends at ${expiresAt.toISOString()}.`;
      await this.activity.record(tx, [{ kind: 'join-token.created', actor: caller.user, message }]);
      return stored;
    });
    return { joinToken, secret };
  }

  /** Revoking twice is no mistake. Clusters that joined with it stay. */
  async revoke(id: bigint, caller: { readonly user: string }): Promise<JoinToken> {
    return this.database.transaction(async (tx) => {
      const revoked = await this.tokens.revoke(tx, id, this.clock.now());
      if (!revoked)
        throw new AppError('NOT_FOUND', 'This join token does not exist; joinTokens lists those that do.');
      const { token, revokedNow } = revoked;
      const message = `The join token for "${token.clusterName}" was revoked after ${token.uses} of ${token.maxUses} uses.`;
      if (revokedNow)
        await this.activity.record(tx, [{ kind: 'join-token.revoked', actor: caller.user, message }]);
      return token;
    });
  }
}

function checkedRequest(input: JoinTokenInput): JoinTokenRequest {
  const read = readLabels(input.labels);
  const request = { ...input, labels: 'labels' in read ? read.labels : {} };
  const problems = [...joinTokenProblems(request), ...('problems' in read ? read.problems : [])];
  if (problems.length > 0) throw invalid('createJoinToken', problems);
  return request;
}
