// Where applications are kept.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { Application, ApplicationRequest } from './domain/application.ts';

/** A request with its names turned into ids, and its rules checked. */
export interface ApplicationDraft extends Omit<ApplicationRequest, 'healthRules'> {
  readonly healthRules: Application['healthRules'];
  readonly repositoryId: bigint;
  readonly policyId: bigint;
}

export abstract class ApplicationStore {
  abstract findByName(name: string): Promise<Application | undefined>;
  /** In any order. */
  abstract findByIds(ids: readonly bigint[]): Promise<Application[]>;
  abstract idsOfRepository(repositoryId: bigint): Promise<bigint[]>;
  abstract idsOfPolicy(policyId: bigint): Promise<bigint[]>;
  /** By name; `search` is a part of the name or of the repository's address, in any case. */
  abstract page(
    search: string | undefined,
    first: number,
    after: string | undefined,
  ): Promise<Page<Application>>;
  abstract lockByName(tx: Transaction, name: string): Promise<Application | undefined>;
  /** Inserts, or replaces everything but the state of the source. */
  abstract save(tx: Transaction, draft: ApplicationDraft): Promise<bigint>;
  abstract delete(tx: Transaction, id: bigint): Promise<void>;
  /** Those of the names that no environment has. */
  abstract unknownEnvironments(tx: Transaction, names: readonly string[]): Promise<string[]>;
}
