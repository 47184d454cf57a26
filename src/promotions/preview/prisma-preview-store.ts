// The preview's own read, in Postgres.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.ts';
import type { SlotKey } from '../promotion-store.ts';
import { PreviewStore } from './preview-store.ts';

@Injectable()
export class PrismaPreviewStore extends PreviewStore {
  override async assigned(tx: Transaction, { applicationId, environmentId }: SlotKey) {
    const rows = await tx.sql<{ id: bigint; digest: string | null }>(
      `select cluster_id id, bundle_digest digest from instance
        where application_id = $1 and environment_id = $2 and tombstone is null`,
      [applicationId, environmentId],
    );
    return new Map(rows.map(({ id, digest }) => [id, digest]));
  }
}
