// Waves and targets in Postgres, as SQL: a thousand targets move with one statement.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { Promotion, TargetState, WaveState } from './domain/promotion.ts';
import type { WaveFacts } from './domain/wave-progress.ts';
import {
  beginTargetsSql,
  judgeTargetsSql,
  nextTargetsSql,
  noteDueSql,
  waveFactsSql,
} from './judge-targets-sql.ts';
import type { SlotKey, SlotMember } from './promotion-store.ts';
import {
  RolloutStore,
  type AssignedTarget,
  type Judging,
  type NamedTarget,
  type OtherMoments,
  type PlannedTarget,
  type StoredWave,
  type TargetRules,
} from './rollout-store.ts';

@Injectable()
export class PrismaRolloutStore extends RolloutStore {
  override members(tx: Transaction, { applicationId, environmentId }: SlotKey): Promise<SlotMember[]> {
    return tx.sql<SlotMember>(
      `select c.id, c.labels from instance i join cluster c on c.id = i.cluster_id
        where i.application_id = $1 and i.environment_id = $2 and i.tombstone is null and c.revoked_at is null
        order by c.id`,
      [applicationId, environmentId],
    );
  }

  override async addWaves(
    tx: Transaction,
    promotion: Promotion,
    waves: readonly StoredWave[],
  ): Promise<void> {
    const ids = await tx.sql<{ id: bigint }>(
      `insert into promotion_wave (promotion_id, position, name, rule)
       select $1, coalesce((select max(position) + 1 from promotion_wave where promotion_id = $1), 0) + place - 1,
              rule->>'name', rule
         from jsonb_array_elements($2::jsonb) with ordinality as planned(rule, place)
       returning id`,
      [promotion.id, JSON.stringify(waves.map(({ rule }) => rule))],
    );
    const inOrder = ids.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
    const placed = waves.flatMap(({ targets }, index) =>
      targets.map((target) => ({ ...target, waveId: inOrder[index] ?? 0n })),
    );
    await insertTargets(tx, promotion, placed);
  }

  override addTargets(
    tx: Transaction,
    promotion: Promotion,
    waveId: bigint,
    targets: readonly PlannedTarget[],
  ): Promise<void> {
    return insertTargets(
      tx,
      promotion,
      targets.map((target) => ({ ...target, waveId })),
    );
  }

  override async judge(
    tx: Transaction,
    { id, state, intent }: Promotion,
    rules: TargetRules & Judging,
  ): Promise<void> {
    const { graceMs, refusalMs, offlineAfterMs, progressDeadlineMs, clockCounts, offline } = rules;
    const times = [graceMs, offlineAfterMs, progressDeadlineMs];
    const [paused, rollback] = [state === 'PAUSED', intent === 'ROLLBACK'];
    await tx.sql(judgeTargetsSql, [id, ...times, clockCounts, offline, paused, rollback, refusalMs]);
  }

  override waves(tx: Transaction, promotion: Promotion): Promise<WaveFacts[]> {
    return tx.sql<WaveFacts>(waveFactsSql, [promotion.id]);
  }

  override async clustersOf(tx: Transaction, waveId: bigint): Promise<bigint[]> {
    const rows = await tx.sql<{ id: bigint }>(
      `select cluster_id id from promotion_target where wave_id = $1 and state not in ('REMOVED', 'SKIPPED') order by 1`,
      [waveId],
    );
    return rows.map(({ id }) => id);
  }

  override async nextTargets(
    tx: Transaction,
    waveId: bigint,
    limit: number,
    { offlineAfterMs, clockCounts }: TargetRules,
  ): Promise<Map<bigint, string>> {
    const bounded = Number.isFinite(limit) ? limit : null;
    const rows = await tx.sql<{ clusterId: bigint; bundleDigest: string }>(nextTargetsSql, [
      waveId,
      bounded,
      offlineAfterMs,
      clockCounts,
    ]);
    return new Map(rows.map(({ clusterId, bundleDigest }) => [clusterId, bundleDigest]));
  }

  override async begin(
    tx: Transaction,
    { id, step }: Promotion,
    targets: readonly AssignedTarget[],
  ): Promise<void> {
    await tx.sql(beginTargetsSql, [
      id,
      step.progressDeadlineMs,
      targets.map((target) => target.clusterId),
      targets.map((target) => target.instanceId),
      targets.map((target) => target.generation),
    ]);
  }

  override async setWave(tx: Transaction, waveId: bigint, state: WaveState): Promise<void> {
    await tx.sql(
      `update promotion_wave
          set state = $2::"WaveState",
              started_at = case when $2 = 'IN_PROGRESS' then now() else started_at end,
              finished_at = case when $2 in ('PASSED', 'FAILED', 'SKIPPED') then now() end
        where id = $1`,
      [waveId, state],
    );
  }

  override async closeWaves(tx: Transaction, { id }: Promotion): Promise<void> {
    await tx.sql(
      `update promotion_wave
          set state = case when state = 'PENDING' then 'SKIPPED' else 'FAILED' end::"WaveState", finished_at = now()
        where promotion_id = $1 and state in ('PENDING', 'IN_PROGRESS', 'BAKING')`,
      [id],
    );
  }

  override async extendDeadlines(tx: Transaction, { id }: Promotion, byMs: number): Promise<void> {
    await tx.sql(
      `update promotion_target set deadline_at = deadline_at + $2 * interval '1 ms'
        where promotion_id = $1 and state in ('PENDING', 'ASSIGNED', 'APPLYING') and deadline_at is not null`,
      [id, byMs],
    );
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

  override async noteDue(
    tx: Transaction,
    { id, state }: Promotion,
    { graceMs, refusalMs, offlineAfterMs }: TargetRules,
    { until, quietUntil }: OtherMoments,
  ): Promise<void> {
    const paused = state === 'PAUSED';
    await tx.sql(noteDueSql, [id, graceMs, offlineAfterMs, paused, until, quietUntil, refusalMs]);
  }

  override async overridden(tx: Transaction, { id }: Promotion): Promise<Set<string>> {
    const rows = await tx.sql<{ gate: string }>('select gate from gate_override where promotion_id = $1', [
      id,
    ]);
    return new Set(rows.map(({ gate }) => gate));
  }
}

type Placed = PlannedTarget & { readonly waveId: bigint };

/** The instance of a cluster in the slot is found here, so that one which left meanwhile gets no target. */
async function insertTargets(
  tx: Transaction,
  promotion: Promotion,
  targets: readonly Placed[],
): Promise<void> {
  if (targets.length === 0) return;
  await tx.sql(
    `insert into promotion_target
       (promotion_id, wave_id, cluster_id, instance_id, bundle_digest, previous_release_id, state, message, deadline_at)
     select $1, t.wave_id, t.cluster_id, i.id, t.digest, i.release_id, t.state, t.message,
            case when t.digest is null and t.state = 'PENDING' then now() + $9 * interval '1 ms' end
       from unnest($4::bigint[], $5::bigint[], $6::text[], $7::"TargetState"[], $8::text[])
            as t(wave_id, cluster_id, digest, state, message)
      cross join lateral (select id, release_id from instance
                           where application_id = $2 and environment_id = $3 and cluster_id = t.cluster_id
                             and tombstone is null offset 0) i
      order by t.cluster_id
     on conflict (promotion_id, cluster_id) do update
       set wave_id = excluded.wave_id, instance_id = excluded.instance_id, bundle_digest = excluded.bundle_digest,
           state = excluded.state, message = excluded.message, assigned_at = null,
           deadline_at = case when excluded.deadline_at is not null then coalesce(promotion_target.deadline_at, excluded.deadline_at) end,
           healthy_since = null, unwell_since = null`,
    [
      promotion.id,
      promotion.applicationId,
      promotion.environmentId,
      targets.map(({ waveId }) => waveId),
      targets.map(({ clusterId }) => clusterId),
      targets.map(({ bundleDigest }) => bundleDigest),
      targets.map(({ state }) => state),
      targets.map(({ message }) => message),
      promotion.step.progressDeadlineMs,
    ],
  );
}
