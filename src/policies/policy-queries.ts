// Reads policies for other features and for people.
import { Injectable } from '@nestjs/common';
import type { Page } from '../platform/graphql/connection.ts';
import type { Policy } from './domain/policy.ts';
import { PolicyStore } from './policy-store.ts';

@Injectable()
export class PolicyQueries {
  constructor(private readonly policies: PolicyStore) {}

  /** The current revision, or the one that is asked for. */
  byName(name: string, revision?: number): Promise<Policy | undefined> {
    return this.policies.findByName(name, revision);
  }

  /** In their current revisions; in the order of the ids, `undefined` for those that do not exist. */
  async byIds(ids: readonly bigint[]): Promise<(Policy | undefined)[]> {
    const found = new Map((await this.policies.findByIds(ids)).map((policy) => [policy.id, policy]));
    return ids.map((id) => found.get(id));
  }

  page(first: number, after: string | undefined): Promise<Page<Policy>> {
    return this.policies.page(first, after);
  }
}
