// What users are now: approvals count only while their givers may still approve.
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.ts';
import type { Transaction } from '../platform/database/database.ts';
import { CONFIGURED_ADMIN } from './api-token-authenticator.ts';
import { ApiTokenStore } from './api-token-store.ts';
import type { UserStanding } from './domain/caller.ts';

@Injectable()
export class UserQueries {
  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly config: Config,
  ) {}

  /** By user; nobody is in it who has no token that may be used. */
  async standings(tx: Transaction, users: readonly string[]): Promise<Map<string, UserStanding>> {
    if (users.length === 0) return new Map();
    const found = new Map((await this.tokens.standingsOf(tx.sql, users)).map((each) => [each.user, each]));
    if (this.config.adminToken === undefined || !users.includes(CONFIGURED_ADMIN.user)) return found;
    const { user, role, emails } = CONFIGURED_ADMIN;
    const stored = found.get(user);
    return found.set(user, {
      user,
      roles: [role, ...(stored?.roles ?? [])],
      emails: stored?.emails ?? emails,
    });
  }
}
