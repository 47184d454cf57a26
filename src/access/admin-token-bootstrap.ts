// The first administrator: where the configuration names no admin token and no token was ever made, one is made and
// shown once. Only its hash is kept.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { newBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import { Database } from '../platform/database/database.ts';
import { API_TOKEN_PREFIX } from './api-token-authenticator.ts';
import { ApiTokenStore } from './api-token-store.ts';

const firstToken = {
  name: 'first start',
  user: 'admin',
  role: 'ADMIN',
  emails: [],
  expiresAt: null,
} as const;

@Injectable()
export class AdminTokenBootstrap implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tokens: ApiTokenStore,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const secret = await this.ensure();
    if (secret === undefined) return;
    // Not through the log: logs are kept and read by many, this is for whoever starts the hub.
    process.stdout.write(`\nAdmin token, shown once: ${secret}\n\n`);
  }

  /** The new token's secret where one was made. */
  async ensure(): Promise<string | undefined> {
    if (this.config.adminToken !== undefined) return undefined;
    const { secret, hash } = newBearerToken(API_TOKEN_PREFIX);
    const made = await this.database.transaction(async (tx) => {
      const stored = await this.tokens.insertFirst(tx, { ...firstToken, hash, createdAt: this.clock.now() });
      const message = 'The admin token of the first start was made.';
      if (stored) await this.activity.record(tx, [{ kind: 'api-token.created', actor: 'fairlead', message }]);
      return stored;
    });
    return made ? secret : undefined;
  }
}
