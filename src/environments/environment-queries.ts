// Reads environments.
import { Injectable } from '@nestjs/common';
import type { Page } from '../platform/graphql/connection.ts';
import { EnvironmentStore } from './environment-store.ts';
import type { Environment } from './domain/environment.ts';

@Injectable()
export class EnvironmentQueries {
  constructor(private readonly environments: EnvironmentStore) {}

  byName(name: string): Promise<Environment | undefined> {
    return this.environments.findByName(name);
  }

  /** Those that exist, in no particular order. */
  byNames(names: readonly string[]): Promise<Environment[]> {
    return this.environments.findByNames(names);
  }

  /** In the order of the ids; `undefined` for those that do not exist. */
  async byIds(ids: readonly bigint[]): Promise<(Environment | undefined)[]> {
    const rows = await this.environments.findByIds(ids);
    const found = new Map(rows.map((environment) => [environment.id, environment]));
    return ids.map((id) => found.get(id));
  }

  /** By name; `after` is the last name of the page before. */
  page(first: number, after: string | undefined): Promise<Page<Environment>> {
    return this.environments.page(first, after);
  }
}
