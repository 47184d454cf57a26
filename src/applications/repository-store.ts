// Where repositories, their sealed credentials and the outcome of the last fetch are kept.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { SourceFault } from './domain/application.ts';
import type { CredentialKind } from './domain/repository-credential.ts';

/** A repository as people see it. */
export interface Repository {
  readonly id: bigint;
  readonly url: string;
  readonly credentialKind: CredentialKind;
  readonly lastFetchedAt: Date | null;
  readonly lastCommit: string | null;
  readonly fault: SourceFault | null;
}

/** Address and sealed credential; null: none. */
export interface SealedRepository {
  readonly id: bigint;
  readonly url: string;
  readonly credential: Uint8Array | null;
}

export abstract class RepositoryStore {
  /** By address. */
  abstract page(first: number, after: string | undefined): Promise<Page<Repository>>;
  abstract findSealed(id: bigint): Promise<SealedRepository | undefined>;
  /** Those that an application uses. */
  abstract idsInUse(): Promise<bigint[]>;
  /** Stores or replaces the credential. */
  abstract save(
    tx: Transaction,
    url: string,
    kind: CredentialKind,
    sealed: Uint8Array | null,
  ): Promise<Repository>;
  /** The id of the repository; one without a credential is made where there is none. */
  abstract ensure(tx: Transaction, url: string): Promise<bigint>;
  abstract lockByUrl(tx: Transaction, url: string): Promise<Repository | undefined>;
  /** Names of applications that use it, the first few by name. */
  abstract usedBy(tx: Transaction, id: bigint, limit: number): Promise<string[]>;
  abstract applicationIds(tx: Transaction, id: bigint): Promise<bigint[]>;
  abstract delete(tx: Transaction, id: bigint): Promise<void>;
  /** No write where nothing but the time changed and the last write is younger than a minute. */
  abstract recordFetch(id: bigint, at: Date, commit: string | undefined): Promise<void>;
  /** Keeps the time of the first failure of a row of equal ones. */
  abstract recordFault(id: bigint, fault: SourceFault): Promise<void>;
}
