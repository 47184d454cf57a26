// Where join tokens are kept, by hash.
import type { SqlTransaction, Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { JoinToken } from './domain/join-token.ts';

export interface NewJoinToken extends Omit<JoinToken, 'id' | 'uses' | 'revokedAt'> {
  readonly hash: Uint8Array;
}

export abstract class JoinTokenStore {
  abstract insert(tx: Transaction, token: NewJoinToken): Promise<JoinToken>;
  /** Locked until the transaction ends, so that two joins cannot spend one use. */
  abstract lockByHash(tx: SqlTransaction, hash: Uint8Array): Promise<JoinToken | undefined>;
  abstract spend(tx: SqlTransaction, id: bigint): Promise<void>;
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
