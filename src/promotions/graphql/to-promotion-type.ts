// Domain to API, for promotions, waves and targets.
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import type { PlannedWave } from '../domain/plan-waves.ts';
import type { Promotion } from '../domain/promotion.ts';
import { count } from '../domain/wave-progress.ts';
import type { RenderedBundles } from '../gate-reader.ts';
import type { TargetRow, WaveRow } from '../promotion-read-store.ts';
import type { PromotionType, TargetCountsType, TargetType, WaveType } from './promotion.type.ts';

export function toPromotionType(promotion: Promotion): PromotionType {
  const { intent, state, requestedBy, reason, policyRevision, createdAt, startedAt, finishedAt } = promotion;
  return {
    source: promotion,
    id: encodeId('promotion', promotion.id),
    intent,
    state,
    requestedBy,
    reason,
    policyRevision,
    createdAt,
    startedAt,
    finishedAt,
  };
}

export function toWaveType(wave: WaveRow): WaveType {
  const { name, state, startedAt, finishedAt } = wave;
  return { source: wave, name, state, counts: toCounts(wave), startedAt, finishedAt };
}

/** A wave of a preview: nothing is stored of it. Clusters that cannot be rendered for are SKIPPED, with the reason. */
export function toPlannedWaveType(
  { rule: { name }, clusterIds }: PlannedWave,
  errors: RenderedBundles['errors'],
): WaveType {
  const planned = clusterIds.map((clusterId): TargetRow => {
    const message = errors.get(clusterId)?.message ?? '';
    return { clusterId, state: errors.has(clusterId) ? 'SKIPPED' : 'PENDING', message, healthySince: null };
  });
  const skipped = planned.filter(({ state }) => state === 'SKIPPED').length;
  const tally = { PENDING: planned.length - skipped, SKIPPED: skipped };
  const nothing = { id: 0n, promotionId: 0n, startedAt: null, finishedAt: null };
  const wave = toWaveType({ ...nothing, name, state: 'PENDING', tally });
  wave.planned = planned;
  return wave;
}

export function toTargetType(target: TargetRow): TargetType {
  const { state, message, healthySince } = target;
  return { source: target, state, message: message === '' ? null : message, healthySince };
}

function toCounts({ tally }: WaveRow): TargetCountsType {
  const counts = {
    pending: count(tally, 'PENDING'),
    moving: count(tally, 'ASSIGNED', 'APPLYING'),
    ready: count(tally, 'READY', 'BAKED'),
    failed: count(tally, 'FAILED', 'TIMED_OUT'),
    offline: count(tally, 'OFFLINE'),
    skipped: count(tally, 'SKIPPED', 'REMOVED'),
  };
  return { ...counts, total: Object.values(counts).reduce((sum, each) => sum + each, 0) };
}
