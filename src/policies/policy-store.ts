// Where policies and their revisions are kept.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { PolicyStep } from './domain/policy-step.ts';
import type { Policy } from './domain/policy.ts';

/** A revision about to be stored. */
export interface NewRevision {
  readonly policyId: bigint;
  readonly revision: number;
  readonly steps: readonly PolicyStep[];
  readonly createdBy: string;
}

export abstract class PolicyStore {
  /** The current revision, or the one that is asked for. */
  abstract findByName(name: string, revision?: number): Promise<Policy | undefined>;
  /** In their current revisions, in any order. */
  abstract findByIds(ids: readonly bigint[]): Promise<Policy[]>;
  /** By name. */
  abstract page(first: number, after: string | undefined): Promise<Page<Policy>>;
  /** Those that wait for other applications' releases, in their current revisions. */
  abstract withDependencies(tx: Transaction): Promise<Policy[]>;
  /** The policy locked against other saves; made with revision 0 and no steps where there is none. */
  abstract lockOrCreate(tx: Transaction, name: string): Promise<Policy>;
  /** Stores the revision and makes it the current one. */
  abstract addRevision(tx: Transaction, revision: NewRevision): Promise<void>;
  /** Those of the names that no environment has. */
  abstract unknownEnvironments(tx: Transaction, names: readonly string[]): Promise<string[]>;
}
