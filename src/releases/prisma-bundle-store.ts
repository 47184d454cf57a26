// Bundles in Postgres.
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.ts';
import type { StoredBundle } from './bundle-content.ts';
import { BundleStore } from './bundle-store.ts';

@Injectable()
export class PrismaBundleStore extends BundleStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async save({ digest, content, encrypted, objects, bytes }: StoredBundle): Promise<void> {
    await this.database.sql(
      `insert into bundle (digest, content, encrypted, objects, bytes) values ($1, $2, $3, $4, $5)
       on conflict (digest) do nothing`,
      [digest, content, encrypted, objects, bytes],
    );
  }

  override async find(
    digest: string,
  ): Promise<Pick<StoredBundle, 'digest' | 'content' | 'encrypted'> | undefined> {
    const [row] = await this.database.sql<Pick<StoredBundle, 'digest' | 'content' | 'encrypted'>>(
      'select digest, content, encrypted from bundle where digest = $1',
      [digest],
    );
    return row;
  }

  override async ofClosures(closureDigests: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.sql<{ closure: string; bundle: string }>(
      `select distinct on (closure_digest) closure_digest closure, bundle_digest bundle
       from release_bundle where closure_digest = any($1::text[])`,
      [closureDigests],
    );
    return new Map(rows.map(({ closure, bundle }) => [closure, bundle]));
  }
}
