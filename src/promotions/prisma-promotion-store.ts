// Promotions in Postgres. Single rows through Prisma; whatever moves many targets at once is one SQL statement.
import { Injectable } from '@nestjs/common';
import { Database, type SqlTransaction, type Transaction } from '../platform/database/database.ts';
import { runningStates, type Promotion, type TargetState } from './domain/promotion.ts';
import type { TargetTally } from './domain/wave-progress.ts';
import { judgeTargetsSql } from './judge-targets-sql.ts';
import {
  PromotionStore,
  type AssignedTarget,
  type DueRules,
  type NamedTarget,
  type NewPromotion,
  type Slot,
  type SlotKey,
  type StepRevision,
  type TargetRules,
} from './promotion-store.ts';
import { toPromotion } from './promotion-row.ts';
import { applicationsToAutomateSql, slotsThatWaitSql, slotsWithDuePromotionsSql } from './sweep-sql.ts';

@Injectable()
export class PrismaPromotionStore extends PromotionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async lockSlot(tx: Transaction, key: SlotKey): Promise<Slot> {
    const values = [key.applicationId, key.environmentId];
    await tx.sql(
      'insert into slot (application_id, environment_id) values ($1, $2) on conflict do nothing',
      values,
    );
    const rows = await tx.sql<Slot>(
      `select id, application_id "applicationId", environment_id "environmentId", current_release_id "currentReleaseId",
              current_promotion_id "currentPromotionId", verified_release_id "verifiedReleaseId"
         from slot where application_id = $1 and environment_id = $2 for update`,
      values,
    );
    const [slot] = rows;
    if (!slot) throw new Error(`The slot of application ${key.applicationId} vanished while it was locked.`);
    return slot;
  }

  override async saveSlot(tx: Transaction, slot: Slot): Promise<void> {
    const { id, currentReleaseId, currentPromotionId, verifiedReleaseId } = slot;
    await tx.prisma.slot.update({
      where: { id },
      data: { currentReleaseId, currentPromotionId, verifiedReleaseId },
    });
  }

  override async openPromotions(tx: Transaction, key: SlotKey): Promise<Promotion[]> {
    const state = { in: ['PENDING' as const, ...runningStates] };
    const rows = await tx.prisma.promotion.findMany({
      where: { ...slotOf(key), state },
      orderBy: { id: 'asc' },
    });
    return rows.map(toPromotion);
  }

  override async byId(tx: Transaction, id: bigint): Promise<Promotion | undefined> {
    const row = await tx.prisma.promotion.findUnique({ where: { id } });
    return row ? toPromotion(row) : undefined;
  }

  override async byIdempotencyKey(tx: Transaction, key: SlotKey, idempotencyKey: string) {
    const row = await tx.prisma.promotion.findFirst({ where: { ...slotOf(key), idempotencyKey } });
    return row ? toPromotion(row) : undefined;
  }

  override async create(tx: Transaction, promotion: NewPromotion): Promise<Promotion | undefined> {
    const data = { ...promotion, step: toJson(promotion.step) };
    const rows = await tx.prisma.promotion.createManyAndReturn({
      data: [{ ...data, state: 'PENDING' }],
      skipDuplicates: true,
    });
    return rows[0] ? toPromotion(rows[0]) : undefined;
  }

  override async takeRevision(tx: SqlTransaction, key: SlotKey, revision: StepRevision): Promise<void> {
    const { policyRevisionId, policyRevision, step } = revision;
    await tx.sql(
      `update promotion set policy_revision_id = $3, policy_revision = $4, step = $5::jsonb, version = version + 1
        where application_id = $1 and environment_id = $2 and state = 'PENDING' and policy_revision_id <> $3`,
      [key.applicationId, key.environmentId, policyRevisionId, policyRevision, JSON.stringify(step)],
    );
  }

  override async save(tx: Transaction, before: Promotion, after: Promotion): Promise<boolean> {
    const { state, version, previousReleaseId, supersededById, outcome, dueAt, startedAt, finishedAt } =
      after;
    const { count } = await tx.prisma.promotion.updateMany({
      where: { id: before.id, state: before.state, version: before.version },
      data: {
        state,
        version,
        previousReleaseId,
        supersededById,
        outcome,
        dueAt,
        startedAt,
        finishedAt,
        pauseReasons: toJson(after.pauseReasons),
      },
    });
    return count === 1;
  }

  override async createWave(
    tx: Transaction,
    promotion: Promotion,
    targets: readonly AssignedTarget[],
  ): Promise<void> {
    await tx.prisma.promotionWave.create({
      data: {
        promotionId: promotion.id,
        position: 0,
        name: 'all',
        state: 'IN_PROGRESS',
        startedAt: new Date(),
      },
    });
    await this.addTargets(tx, promotion, targets);
  }

  override async addTargets(
    tx: Transaction,
    promotion: Promotion,
    targets: readonly AssignedTarget[],
  ): Promise<void> {
    await tx.sql(
      `insert into promotion_target
         (promotion_id, wave_id, cluster_id, instance_id, generation, previous_release_id, state, assigned_at, deadline_at)
       select $1, w.id, t.cluster_id, t.instance_id, t.generation, $2, 'ASSIGNED', now(), now() + $3 * interval '1 ms'
         from unnest($4::bigint[], $5::bigint[], $6::bigint[]) as t(cluster_id, instance_id, generation)
         join promotion_wave w on w.promotion_id = $1 and w.state = 'IN_PROGRESS'
       on conflict (promotion_id, cluster_id) do update
         set state = 'ASSIGNED', instance_id = excluded.instance_id, generation = excluded.generation,
             assigned_at = now(), deadline_at = excluded.deadline_at`,
      [
        promotion.id,
        promotion.previousReleaseId,
        promotion.step.progressDeadlineMs,
        targets.map((target) => target.clusterId),
        targets.map((target) => target.instanceId),
        targets.map((target) => target.generation),
      ],
    );
  }

  override async skipTargets(
    tx: Transaction,
    promotion: Promotion,
    reasons: ReadonlyMap<bigint, { readonly message: string }>,
  ): Promise<void> {
    if (reasons.size === 0) return;
    await tx.sql(
      `insert into promotion_target (promotion_id, wave_id, cluster_id, instance_id, previous_release_id, state, message)
       select $1, w.id, i.cluster_id, i.id, $2, 'SKIPPED', t.message
         from unnest($3::bigint[], $4::text[]) as t(cluster_id, message)
         join instance i on i.application_id = $5 and i.environment_id = $6 and i.cluster_id = t.cluster_id
                        and i.tombstone is null
         join promotion_wave w on w.promotion_id = $1 and w.state = 'IN_PROGRESS'
       on conflict (promotion_id, cluster_id) do nothing`,
      [
        promotion.id,
        promotion.previousReleaseId,
        [...reasons.keys()],
        [...reasons.values()].map(({ message }) => message),
        promotion.applicationId,
        promotion.environmentId,
      ],
    );
  }

  override async judgeTargets(
    tx: Transaction,
    promotion: Promotion,
    rules: TargetRules,
  ): Promise<TargetTally> {
    const { degradedGraceMs, offlineAfterMs, progressDeadlineMs, clockCounts } = rules;
    const times = [degradedGraceMs, offlineAfterMs, progressDeadlineMs];
    await tx.sql(judgeTargetsSql, [promotion.id, ...times, clockCounts]);
    const rows = await tx.sql<{ state: TargetState; count: number }>(
      'select state, count(*)::int count from promotion_target where promotion_id = $1 group by state',
      [promotion.id],
    );
    return Object.fromEntries(rows.map((row) => [row.state, row.count]));
  }

  override async finishWave(
    tx: Transaction,
    promotion: Promotion,
    state: 'PASSED' | 'FAILED' | 'SKIPPED',
  ): Promise<void> {
    await tx.prisma.promotionWave.updateMany({
      where: { promotionId: promotion.id, state: 'IN_PROGRESS' },
      data: { state, finishedAt: new Date() },
    });
  }

  override async extendDeadlines(tx: Transaction, promotion: Promotion, byMs: number): Promise<void> {
    await tx.sql(
      `update promotion_target set deadline_at = deadline_at + $2 * interval '1 ms'
        where promotion_id = $1 and state in ('ASSIGNED', 'APPLYING') and deadline_at is not null`,
      [promotion.id, byMs],
    );
  }

  override async forgetInconclusive(tx: Transaction, promotion: Promotion): Promise<void> {
    await tx.sql("delete from check_run where promotion_id = $1 and state = 'INCONCLUSIVE'", [promotion.id]);
  }

  override targetsIn(
    tx: Transaction,
    promotion: Promotion,
    states: readonly TargetState[],
    limit: number,
  ): Promise<NamedTarget[]> {
    return tx.sql<NamedTarget>(
      `select c.name cluster, t.state, t.message from promotion_target t join cluster c on c.id = t.cluster_id
        where t.promotion_id = $1 and t.state = any($2::"TargetState"[]) order by t.cluster_id limit $3`,
      [promotion.id, states, limit],
    );
  }

  override async qualify(tx: Transaction, promotion: Promotion): Promise<void> {
    await tx.sql(
      `insert into qualification (release_id, environment_id, promotion_id) values ($1, $2, $3)
       on conflict (release_id, environment_id) do update
         set state = 'VERIFIED', promotion_id = excluded.promotion_id, sequence = excluded.sequence,
             verified_at = now(), healthy_since = now(), interrupted_at = null`,
      [promotion.releaseId, promotion.environmentId, promotion.id],
    );
  }

  override async verifiedIn(
    tx: SqlTransaction,
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

  override async ranHere(tx: SqlTransaction, key: SlotKey, releaseId: bigint): Promise<boolean> {
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

  override slotsWithDuePromotions(rules: DueRules): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(slotsWithDuePromotionsSql, [
      rules.degradedGraceMs,
      rules.offlineAfterMs,
    ]);
  }

  override slotsThatWait(): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(slotsThatWaitSql);
  }

  override async applicationsToAutomate(): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(applicationsToAutomateSql);
    return rows.map((row) => row.id);
  }

  override openSlotsOf(applicationId: bigint): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(
      `select distinct application_id "applicationId", environment_id "environmentId" from promotion
        where application_id = $1 and state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')`,
      [applicationId],
    );
  }

  override runningSlotsOnCluster(clusterId: bigint): Promise<SlotKey[]> {
    return this.database.sql<SlotKey>(
      `select distinct p.application_id "applicationId", p.environment_id "environmentId"
         from promotion p join promotion_target t on t.promotion_id = p.id
        where t.cluster_id = $1 and p.state in ('ROLLING', 'PAUSED', 'VERIFYING')`,
      [clusterId],
    );
  }

  override async unassigned(tx: SqlTransaction, key: SlotKey): Promise<bigint[]> {
    const rows = await tx.sql<{ clusterId: bigint }>(
      `select cluster_id "clusterId" from instance
        where application_id = $1 and environment_id = $2 and release_id is null and tombstone is null order by cluster_id`,
      [key.applicationId, key.environmentId],
    );
    return rows.map((row) => row.clusterId);
  }

  override async lastPromotion(tx: SqlTransaction, slot: Slot): Promise<bigint | null> {
    const [row] = await tx.sql<{ id: bigint }>(
      `select id from promotion where application_id = $1 and environment_id = $2 and release_id = $3 and started_at is not null
        order by id desc limit 1`,
      [slot.applicationId, slot.environmentId, slot.currentReleaseId],
    );
    return row?.id ?? null;
  }
}

/** As it is stored; what JSON cannot say, such as a date, becomes text. */
function toJson(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

function slotOf({ applicationId, environmentId }: SlotKey): SlotKey {
  return { applicationId, environmentId };
}
