// Which cluster belongs to which wave: decided once, when a rollout starts, and once more for whoever joins it.
import type { Labels } from '../../clusters/domain/labels.ts';
import {
  isSelectorProblem,
  matchesSelector,
  parseLabelSelector,
} from '../../clusters/domain/label-selector.ts';
import type { WaveRule } from '../../policies/domain/policy-step.ts';
import type { PromotionIntent, PromotionStep, WaveState } from './promotion.ts';

/** A cluster of the step's environment. */
export interface WaveCluster {
  readonly id: bigint;
  readonly labels: Labels;
}

/** A wave with the clusters that it takes, by id; `rule.name` is its name. */
export interface PlannedWave {
  readonly rule: WaveRule;
  readonly clusterIds: readonly bigint[];
}

/** A wave of a rollout that goes on, as far as a cluster's place in it matters. */
export interface OpenWave {
  readonly rule: WaveRule;
  readonly state: WaveState;
  /** Clusters that have a place in it, whatever became of them. */
  readonly size: number;
}

/** All clusters that remain, one after the other as they come, with no bake, budget or approval. */
const plainWave: WaveRule = {
  name: 'all',
  selector: null,
  percent: null,
  count: null,
  maxConcurrent: null,
  maxConcurrentPercent: null,
  bakeMs: 0,
  maxFailures: null,
  maxFailuresPercent: null,
  maxOffline: null,
  maxOfflinePercent: null,
  approval: null,
  verification: [],
};

/** Joined too late for the waves of the plan. */
export const CATCH_UP = 'catch-up';

/**
 * The waves of a step as its promotion goes through them. A rollback is one wave of everything, as many at once as the
 * last wave allows: what was good yesterday needs no canary.
 */
export function wavesOf(
  { waves }: Pick<PromotionStep, 'waves'>,
  intent: PromotionIntent,
): readonly WaveRule[] {
  if (intent === 'ROLLBACK') return [{ ...plainWave, ...concurrencyOf(waves.at(-1)), name: 'rollback' }];
  return waves.length > 0 ? waves : [plainWave];
}

/** The wave of those that joined too late: baked and bounded as the last one, with nobody asked again. */
export function catchUpWave(waves: readonly WaveRule[]): WaveRule {
  const last = waves.at(-1) ?? plainWave;
  const taken = { selector: null, percent: null, count: null, approval: null, verification: [] };
  return { ...last, ...taken, name: CATCH_UP };
}

/**
 * Every cluster goes to the first wave that takes it; among equals the lower id, which joined earlier, goes first.
 * `percent` is the cumulative share of all clusters that are taken when its wave is done, rounded up, so a wave may be
 * empty. Clusters that no wave takes are in none; a policy whose waves could leave any out is refused when saved.
 */
export function planWaves(rules: readonly WaveRule[], clusters: readonly WaveCluster[]): PlannedWave[] {
  let left = clusters.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return rules.map((rule) => {
    const wanted = left.filter(selects(rule));
    const taken = new Set(wanted.slice(0, room(rule, clusters.length, clusters.length - left.length)));
    left = left.filter((cluster) => !taken.has(cluster));
    return { rule, clusterIds: [...taken].map(({ id }) => id) };
  });
}

/**
 * The position of the wave that takes a cluster which joined a rollout: the first that has not started and has room for
 * it; `undefined`: a catch-up wave. `total` counts all clusters of the rollout with the one that joined.
 */
export function waveOfJoined(
  waves: readonly OpenWave[],
  cluster: WaveCluster,
  total: number,
): number | undefined {
  let before = 0;
  for (const [position, { rule, state, size }] of waves.entries()) {
    if (state === 'PENDING' && selects(rule)(cluster) && size < room(rule, total, before)) return position;
    before += size;
  }
  return undefined;
}

/** How many clusters the wave has room for when `taken` of `total` are in the waves before it. */
function room({ percent, count }: WaveRule, total: number, taken: number): number {
  const share = percent === null ? Infinity : Math.max(0, Math.ceil((percent * total) / 100) - taken);
  return Math.min(share, count ?? Infinity);
}

function selects({ selector }: WaveRule): (cluster: WaveCluster) => boolean {
  if (selector === null) return () => true;
  const parsed = parseLabelSelector(selector);
  // Saved policies were read before; one that is broken all the same takes nobody by mistake.
  return isSelectorProblem(parsed) ? () => false : ({ labels }) => matchesSelector(parsed, labels);
}

function concurrencyOf(rule: WaveRule | undefined): Partial<WaveRule> {
  return rule ? { maxConcurrent: rule.maxConcurrent, maxConcurrentPercent: rule.maxConcurrentPercent } : {};
}
