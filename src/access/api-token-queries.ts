// Lists API tokens.
import { Injectable } from '@nestjs/common';
import type { Page } from '../platform/graphql/connection.ts';
import { ApiTokenStore } from './api-token-store.ts';
import type { ApiToken } from './domain/api-token.ts';

@Injectable()
export class ApiTokenQueries {
  constructor(private readonly tokens: ApiTokenStore) {}

  /** Newest first, those that are worth nothing any more included. */
  page(first: number, before: bigint | undefined): Promise<Page<ApiToken>> {
    return this.tokens.page(first, before);
  }
}
