// Where join tokens are kept, by hash.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { JoinToken } from './domain/join-token.ts';

export interface NewJoinToken extends Omit<JoinToken, 'id' | 'uses' | 'revokedAt'> {
  readonly hash: Uint8Array;
}

export abstract class JoinTokenStore {
  abstract insert(tx: Transaction, token: NewJoinToken): Promise<JoinToken>;
  abstract findByHash(tx: Transaction, hash: Uint8Array): Promise<JoinToken | undefined>;
  /**
   * Whether it could still be used: it has a use left, is not revoked and has not expired. Locks the token until the
   * transaction ends, so that two joins cannot spend one use: the last thing that a join does, because all others by
   * this token wait for it.
   */
  abstract spend(tx: Transaction, id: bigint, at: Date): Promise<boolean>;
  /** `undefined` where there is no such token. */
  abstract revoke(
    tx: Transaction,
    id: bigint,
    at: Date,
  ): Promise<{ readonly token: JoinToken; readonly revokedNow: boolean } | undefined>;
  /** Newest first. `active`: only those with which a new cluster may still join (true), only the others (false). */
  abstract page(
    filter: { readonly active?: boolean | undefined; readonly now: Date },
    first: number,
    before: bigint | undefined,
  ): Promise<Page<JoinToken>>;
}
