// Approvals and overrides in Postgres.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.ts';
import type { Promotion } from '../domain/promotion.ts';
import { DecisionStore, type NewApproval, type NewOverride } from './decision-store.ts';

@Injectable()
export class PrismaDecisionStore extends DecisionStore {
  override async approve(
    tx: Transaction,
    { id, releaseId }: Promotion,
    { gate, approver, comment }: NewApproval,
  ): Promise<void> {
    await tx.sql(
      `insert into approval (promotion_id, gate, approver, release_id, comment) values ($1, $2, $3, $4, $5)
       on conflict (promotion_id, gate, approver) do update
         set at = now(), release_id = excluded.release_id, comment = excluded.comment`,
      [id, gate, approver, releaseId, comment],
    );
  }

  override async override(
    tx: Transaction,
    { id }: Promotion,
    { gate, by, reason }: NewOverride,
  ): Promise<boolean> {
    const rows = await tx.sql(
      `insert into gate_override (promotion_id, gate, overridden_by, reason) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [id, gate, by, reason],
    );
    return rows.length > 0;
  }
}
