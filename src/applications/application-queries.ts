// Reads applications for other features and for people.
import { Injectable } from '@nestjs/common';
import { notFound } from '../platform/errors.ts';
import type { Page } from '../platform/graphql/connection.ts';
import { ApplicationStore } from './application-store.ts';
import type { Application } from './domain/application.ts';

@Injectable()
export class ApplicationQueries {
  constructor(private readonly applications: ApplicationStore) {}

  byName(name: string): Promise<Application | undefined> {
    return this.applications.findByName(name);
  }

  /** NOT_FOUND names it. */
  async required(name: string): Promise<Application> {
    const application = await this.byName(name);
    if (!application) throw notFound('Application', name);
    return application;
  }

  /** In the order of the ids; `undefined` for those that do not exist. */
  async byIds(ids: readonly bigint[]): Promise<(Application | undefined)[]> {
    const found = new Map((await this.applications.findByIds(ids)).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  }

  idsOfRepository(repositoryId: bigint): Promise<bigint[]> {
    return this.applications.idsOfRepository(repositoryId);
  }

  idsOfPolicy(policyId: bigint): Promise<bigint[]> {
    return this.applications.idsOfPolicy(policyId);
  }

  page(search: string | undefined, first: number, after: string | undefined): Promise<Page<Application>> {
    return this.applications.page(search, first, after);
  }
}
