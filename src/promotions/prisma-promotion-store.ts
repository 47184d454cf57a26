// Promotions in Postgres: each call is one statement, or two.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import type { Promotion } from './domain/promotion.ts';
import {
  PromotionStore,
  type ForwardHold,
  type JoinedMember,
  type NewPromotion,
  type Slot,
  type SlotChange,
  type SlotKey,
  type SlotWork,
  type StepRevision,
} from './promotion-store.ts';
import { promotionColumns } from './promotion-read-sql.ts';
import { toPromotion, type PromotionRow } from './promotion-row.ts';
import {
  applicationsToAutomateSql,
  claimDueSql,
  createPromotionSql,
  lockSlotSql,
  savePromotionSql,
  slotWorkSql,
  slotsThatWaitSql,
  unassignedSql,
} from './slot-sql.ts';

@Injectable()
export class PrismaPromotionStore extends PromotionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async lockSlot(tx: Transaction, key: SlotKey): Promise<Slot> {
    const values = [key.applicationId, key.environmentId];
    const [known] = await tx.sql<Slot>(lockSlotSql, values);
    if (known) return known;
    await tx.sql(
      'insert into slot (application_id, environment_id) values ($1, $2) on conflict do nothing',
      values,
    );
    const [slot] = await tx.sql<Slot>(lockSlotSql, values);
    if (!slot) throw new Error(`The slot of application ${key.applicationId} vanished while it was locked.`);
    return slot;
  }

  override async workIn({ applicationId, environmentId }: SlotKey): Promise<SlotWork> {
    const [work] = await this.database.sql<SlotWork>(slotWorkSql, [applicationId, environmentId]);
    if (!work) throw new Error('The database did not say what there is to do in a slot.');
    return work;
  }

  override async changeSlot(tx: Transaction, key: SlotKey, change: SlotChange): Promise<void> {
    const { currentReleaseId, currentPromotionId, verifiedReleaseId } = change;
    await tx.sql(
      `update slot
          set current_release_id = coalesce($3, current_release_id), verified_release_id = coalesce($4, verified_release_id),
              current_promotion_id = case when $5 then $6::bigint else current_promotion_id end
        where application_id = $1 and environment_id = $2`,
      [
        key.applicationId,
        key.environmentId,
        currentReleaseId,
        verifiedReleaseId,
        currentPromotionId !== undefined,
        currentPromotionId,
      ],
    );
  }

  override async openPromotions(tx: Transaction, key: SlotKey): Promise<Promotion[]> {
    const rows = await tx.sql<PromotionRow>(
      `select ${promotionColumns} from promotion p
        where p.application_id = $1 and p.environment_id = $2 and p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')
        order by p.id`,
      [key.applicationId, key.environmentId],
    );
    return rows.map(toPromotion);
  }

  override async byId(tx: Transaction, id: bigint): Promise<Promotion | undefined> {
    const [row] = await tx.sql<PromotionRow>(`select ${promotionColumns} from promotion p where p.id = $1`, [
      id,
    ]);
    return row ? toPromotion(row) : undefined;
  }

  override async byIdempotencyKey(tx: Transaction, key: SlotKey, idempotencyKey: string) {
    const [row] = await tx.sql<PromotionRow>(
      `select ${promotionColumns} from promotion p
        where p.application_id = $1 and p.environment_id = $2 and p.idempotency_key = $3`,
      [key.applicationId, key.environmentId, idempotencyKey],
    );
    return row ? toPromotion(row) : undefined;
  }

  override async create(tx: Transaction, promotion: NewPromotion): Promise<Promotion | undefined> {
    const { applicationId, environmentId, releaseId, intent, requestedBy, reason, step } = promotion;
    const { policyRevisionId, policyRevision, idempotencyKey, retryOfId, rollbackOfId } = promotion;
    const slot = [applicationId, environmentId, releaseId, intent, requestedBy, reason];
    const [row] = await tx.sql<PromotionRow>(createPromotionSql, [
      ...slot,
      policyRevisionId,
      policyRevision,
      JSON.stringify(step),
      idempotencyKey,
      retryOfId,
      rollbackOfId,
    ]);
    return row ? toPromotion(row) : undefined;
  }

  override async takeRevision(tx: Transaction, key: SlotKey, revision: StepRevision): Promise<void> {
    const { policyRevisionId, policyRevision, step } = revision;
    await tx.sql(
      `update promotion set policy_revision_id = $3, policy_revision = $4, step = $5::jsonb, version = version + 1
        where application_id = $1 and environment_id = $2 and state = 'PENDING' and policy_revision_id <> $3`,
      [key.applicationId, key.environmentId, policyRevisionId, policyRevision, JSON.stringify(step)],
    );
  }

  override async now(tx: Transaction): Promise<Date> {
    const [row] = await tx.sql<{ now: Date }>('select clock_timestamp() now');
    if (!row) throw new Error('The database did not tell its time.');
    return row.now;
  }

  override async save(tx: Transaction, before: Promotion, after: Promotion): Promise<boolean> {
    const { state, version, previousReleaseId, supersededById, outcome, startedAt, finishedAt } = after;
    const rows = await tx.sql(savePromotionSql, [
      before.id,
      before.state,
      before.version,
      state,
      version,
      previousReleaseId,
      supersededById,
      outcome,
      startedAt,
      finishedAt,
      JSON.stringify(after.pauseReasons),
    ]);
    return rows.length === 1;
  }

  override async holdForward(tx: Transaction, key: SlotKey, hold: ForwardHold): Promise<void> {
    await tx.sql(
      `update slot set hold_reason = $3, hold_by = $4, hold_release_id = $5, hold_at = now(), hold_until = null
        where application_id = $1 and environment_id = $2
          and (hold_reason is null or hold_until <= now() or hold_release_id is not null)`,
      [key.applicationId, key.environmentId, hold.reason, hold.by, hold.releaseId],
    );
  }

  override async qualify(tx: Transaction, promotion: Promotion): Promise<void> {
    await tx.sql(
      `with passed as (
         update slot set hold_reason = null, hold_by = null, hold_at = null, hold_until = null, hold_release_id = null
          where application_id = $4 and environment_id = $2 and hold_release_id < $1
       )
       insert into qualification (release_id, environment_id, promotion_id) values ($1, $2, $3)
       on conflict (release_id, environment_id) do update
         set state = 'VERIFIED', promotion_id = excluded.promotion_id, sequence = excluded.sequence,
             verified_at = now(), healthy_since = now(), interrupted_at = null,
             revoked_at = null, revoked_reason = null, revoked_by = null`,
      [promotion.releaseId, promotion.environmentId, promotion.id, promotion.applicationId],
    );
  }

  override async verifiedIn(
    tx: Transaction,
    releaseId: bigint,
    environments: readonly string[],
  ): Promise<Set<string>> {
    const rows = await tx.sql<{ name: string }>(
      `select e.name from qualification q join environment e on e.id = q.environment_id
        where q.release_id = $1 and q.state = 'VERIFIED' and e.name = any($2::text[])`,
      [releaseId, environments],
    );
    return new Set(rows.map((row) => row.name));
  }

  override async ranHere(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<boolean> {
    const rows = await tx.sql(
      `select 1 from promotion where application_id = $1 and environment_id = $2 and release_id = $3
          and started_at is not null limit 1`,
      [key.applicationId, key.environmentId, releaseId],
    );
    return rows.length > 0;
  }

  override async lastVerified(
    tx: Transaction,
    key: SlotKey,
    except: bigint | null,
  ): Promise<bigint | undefined> {
    const [row] = await tx.sql<{ id: bigint }>(
      `select r.id from qualification q join release r on r.id = q.release_id
        where r.application_id = $1 and q.environment_id = $2 and q.state = 'VERIFIED' and r.id is distinct from $3::bigint
        order by q.sequence desc limit 1`,
      [key.applicationId, key.environmentId, except],
    );
    return row?.id;
  }

  override claimDue(leaseMs: number, limit: number): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(claimDueSql, [leaseMs, limit]);
  }

  override slotsThatWait(): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(slotsThatWaitSql);
  }

  override async applicationsToAutomate(): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(applicationsToAutomateSql);
    return rows.map((row) => row.id);
  }

  override openSlotsOf(applicationIds: readonly bigint[]): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(
      `select p.application_id "applicationId", p.environment_id "environmentId" from promotion p
        where p.application_id = any($1::bigint[]) and p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')
        union
       select p.application_id, p.environment_id from promotion p
        where p.state = 'PENDING' and p.step->'gates' @> '[{"kind": "dependency"}]'
          and exists (select from application a
                       where a.id = any($1::bigint[])
                         and p.step->'gates' @> jsonb_build_array(jsonb_build_object('kind', 'dependency', 'application', a.name)))`,
      [applicationIds],
    );
  }

  override runningSlotsOn(clusterIds: readonly bigint[]): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(
      `select p.application_id "applicationId", p.environment_id "environmentId" from promotion p
        where p.state in ('ROLLING', 'PAUSED', 'VERIFYING')
          and exists (select from promotion_target t
                       where t.promotion_id = p.id and t.cluster_id = any($1::bigint[]) offset 0)`,
      [clusterIds],
    );
  }

  override unassigned(
    tx: Transaction,
    { applicationId, environmentId, currentPromotionId }: Slot,
  ): Promise<JoinedMember[]> {
    return tx.sql<JoinedMember>(unassignedSql, [applicationId, environmentId, currentPromotionId]);
  }

  override async lastPromotion(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<bigint | null> {
    const [row] = await tx.sql<{ id: bigint }>(
      `select id from promotion where application_id = $1 and environment_id = $2 and release_id = $3 and started_at is not null
        order by id desc limit 1`,
      [key.applicationId, key.environmentId, releaseId],
    );
    return row?.id ?? null;
  }
}
