// Turns a person's bearer token into who they are. Lookups are remembered for seconds; a revocation clears them.
import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashBearerToken } from '../platform/bearer-token.ts';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import { Authenticator } from '../platform/graphql/request-context.ts';
import { ApiTokenStore } from './api-token-store.ts';
import { ApiTokenUse } from './api-token-use.ts';
import { isActiveApiToken, type ApiToken } from './domain/api-token.ts';
import type { UserPrincipal } from './domain/caller.ts';

/** What every API token begins with. */
export const API_TOKEN_PREFIX = 'fl_user_';

/** How long another replica may go on trusting a token that was revoked here. */
const REMEMBER_MS = 5_000;
const MAX_REMEMBERED = 1_000;

@Injectable()
export class ApiTokenAuthenticator extends Authenticator {
  private readonly remembered = new Map<
    string,
    { readonly principal: UserPrincipal; readonly untilMs: number }
  >();
  private readonly adminHash: Buffer | undefined;
  private ends = 0;

  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly use: ApiTokenUse,
    private readonly clock: Clock,
    config: Config,
  ) {
    super();
    this.adminHash = config.adminToken === undefined ? undefined : hashBearerToken(config.adminToken);
  }

  override async authenticate(token: string): Promise<UserPrincipal | undefined> {
    const hash = hashBearerToken(token);
    if (this.adminHash && timingSafeEqual(hash, this.adminHash)) return CONFIGURED_ADMIN;
    if (!token.startsWith(API_TOKEN_PREFIX)) return undefined;
    const principal = this.recall(hash) ?? (await this.lookUp(hash));
    if (principal?.tokenId) this.use.note(principal.tokenId, this.clock.now());
    return principal;
  }

  /** Called when a token is revoked: the next use asks the database, also where it is being asked at this moment. */
  forget(): void {
    this.ends += 1;
    this.remembered.clear();
  }

  private recall(hash: Buffer): UserPrincipal | undefined {
    const found = this.remembered.get(hash.toString('base64'));
    const now = this.clock.now();
    if (!found || found.untilMs <= now.getTime()) return undefined;
    const { validUntil } = found.principal;
    return validUntil === undefined || validUntil > now ? found.principal : undefined;
  }

  private async lookUp(hash: Buffer): Promise<UserPrincipal | undefined> {
    const asOf = this.ends;
    const token = await this.tokens.findByHash(hash);
    if (this.ends !== asOf) return this.lookUp(hash);
    const now = this.clock.now();
    if (!token || !isActiveApiToken(token, now)) return undefined;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    const principal = toPrincipal(token);
    this.remembered.set(hash.toString('base64'), { principal, untilMs: now.getTime() + REMEMBER_MS });
    return principal;
  }
}

/** Who calls with the token of the configuration. */
export const CONFIGURED_ADMIN: UserPrincipal = {
  kind: 'user',
  name: 'FAIRLEAD_ADMIN_TOKEN',
  user: 'admin',
  role: 'ADMIN',
  emails: [],
  tokenId: null,
  validUntil: undefined,
};

function toPrincipal({ id, name, user, role, emails, expiresAt }: ApiToken): UserPrincipal {
  return { kind: 'user', name, user, role, emails, tokenId: id, validUntil: expiresAt ?? undefined };
}
