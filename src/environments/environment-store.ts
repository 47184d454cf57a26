// Where environments and their membership are kept.
import type { FleetScope } from '../clusters/fleet-membership-port.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { Environment } from './domain/environment.ts';

export abstract class EnvironmentStore {
  abstract findByName(name: string): Promise<Environment | undefined>;
  abstract findByIds(ids: readonly bigint[]): Promise<Environment[]>;
  abstract findByNames(names: readonly string[]): Promise<Environment[]>;
  /** By name. */
  abstract page(first: number, after: string | undefined): Promise<Page<Environment>>;
  abstract lockByName(tx: Transaction, name: string): Promise<Environment | undefined>;
  /** Makes it, or changes its selector. */
  abstract save(tx: Transaction, name: string, selector: string): Promise<Environment>;
  abstract delete(tx: Transaction, id: bigint): Promise<void>;
  /** A few statements for any number of environments and clusters; rows that stay are not touched. */
  abstract refreshMembers(tx: Transaction, scope: FleetScope): Promise<void>;
}
