// Lists join tokens.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import type { Page } from '../platform/graphql/connection.ts';
import { JoinTokenStore } from './join-token-store.ts';
import type { JoinToken } from './domain/join-token.ts';

@Injectable()
export class JoinTokenQueries {
  constructor(
    private readonly tokens: JoinTokenStore,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  page(active: boolean | undefined, first: number, before: bigint | undefined): Promise<Page<JoinToken>> {
    return this.tokens.page({ active, now: this.clock.now() }, first, before);
  }
}
