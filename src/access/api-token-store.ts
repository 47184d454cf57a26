// Where API tokens are kept, by hash.
import type { Sql, Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { ApiToken, ApiTokenRequest } from './domain/api-token.ts';
import type { UserStanding } from './domain/caller.ts';

/** A token about to be stored. */
export interface NewApiToken extends Omit<ApiTokenRequest, 'expiresInMs'> {
  readonly hash: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export abstract class ApiTokenStore {
  abstract insert(tx: Transaction, token: NewApiToken): Promise<ApiToken>;
  /** Stores it only where there has never been a token; whether it did. Replicas that start at once store one. */
  abstract insertFirst(tx: Transaction, token: NewApiToken): Promise<boolean>;
  abstract findByHash(hash: Uint8Array): Promise<ApiToken | undefined>;
  /** `undefined` where there is no such token; `revokedNow` is false where it was revoked before. */
  abstract revoke(
    tx: Transaction,
    id: bigint,
    at: Date,
  ): Promise<{ readonly token: ApiToken; readonly revokedNow: boolean } | undefined>;
  /** Roles and addresses of all tokens of these users that may be used; no row for a user without any. */
  abstract standingsOf(sql: Sql, users: readonly string[]): Promise<UserStanding[]>;
  /** Those of these tokens that are not revoked. */
  abstract unrevoked(ids: readonly bigint[]): Promise<bigint[]>;
  /** Newest first. */
  abstract page(first: number, before: bigint | undefined): Promise<Page<ApiToken>>;
  /** One statement for all; a time never goes back. */
  abstract touch(uses: readonly (readonly [id: bigint, at: Date])[]): Promise<void>;
}
