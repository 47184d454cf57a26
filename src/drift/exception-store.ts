// Exceptions, and the instances that they concern.
import type { AssignedException } from '@fairlead/protocol/drift';
import type { Page } from '../platform/graphql/connection.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { DriftException, ExceptedInstance, ExceptionScope } from './domain/exception.ts';

/** What is saved of a new exception. */
export interface NewException extends ExceptionScope {
  readonly reason: string;
  readonly createdBy: string;
  readonly until: Date;
}

/** An instance with what its agent is told of exceptions now. */
export interface InstanceExceptions extends ExceptedInstance {
  readonly id: bigint;
  readonly exceptions: readonly AssignedException[];
}

/** Which instances are to be looked at: those that an exception concerns or concerned, or those given. */
export type ExceptionReach =
  | { readonly exception: DriftException; readonly publicId: string }
  | { readonly instanceIds: readonly bigint[] }
  | { readonly clusterIds: readonly bigint[] };

export abstract class ExceptionStore {
  /** Of the names in the scope, those that do not exist, each as `application "shop"`. */
  abstract unknownNames(scope: ExceptionScope): Promise<string[]>;
  abstract insert(tx: Transaction, exception: NewException): Promise<DriftException>;
  abstract byIds(ids: readonly bigint[]): Promise<DriftException[]>;
  /** Newest first. */
  abstract page(
    active: boolean | undefined,
    request: { readonly first: number; readonly after: bigint | undefined },
  ): Promise<Page<DriftException>>;
  /** Those in force. */
  abstract inForce(tx: Transaction): Promise<DriftException[]>;
  abstract anyInForce(): Promise<boolean>;
  /** Ends it; `undefined` where it had ended already. */
  abstract end(tx: Transaction, id: bigint, by: string): Promise<DriftException | undefined>;
  /** Ends up to `limit` of those whose time has come and that nobody else is ending. */
  abstract endExpired(tx: Transaction, now: Date, limit: number): Promise<DriftException[]>;
  /** Notes the exception on open items that it accepts and no other does; answers how many. */
  abstract markItems(tx: Transaction, exception: DriftException): Promise<number>;
  /** Takes ended exceptions off their items; answers the ids of those items. */
  abstract unmarkItems(tx: Transaction, ids: readonly bigint[]): Promise<bigint[]>;
  /** Living instances in the reach, by id, after one. */
  abstract reached(
    tx: Transaction,
    reach: ExceptionReach,
    page: { readonly after: bigint; readonly limit: number },
  ): Promise<InstanceExceptions[]>;
  /** Nobody else spreads exceptions until the transaction ends. */
  abstract lockSpreading(tx: Transaction): Promise<void>;
}
