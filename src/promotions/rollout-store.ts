// What a rollout needs of the database: its waves and targets. Each call is a fixed number of statements, whatever the
// number of clusters, in the caller's transaction and under the slot's lock.
import type { Transaction } from '../platform/database/database.ts';
import type { OfflineRule, WaveRule } from '../policies/domain/policy-step.ts';
import type { Promotion, TargetState, WaveState } from './domain/promotion.ts';
import type { WaveFacts } from './domain/wave-progress.ts';
import type { SlotKey, SlotMember } from './promotion-store.ts';

/** A cluster of the slot, and what it would run; without a bundle the message says why. */
export interface PlannedTarget {
  readonly clusterId: bigint;
  /** PENDING without one: it joined while the bundles were rendered, and gets its own next, before its deadline. */
  readonly bundleDigest: string | null;
  /** SKIPPED: the release cannot be rendered for it. */
  readonly state: 'PENDING' | 'SKIPPED';
  readonly message: string;
}

/** A wave with its clusters, as it is stored when the rollout starts. */
export interface StoredWave {
  readonly rule: WaveRule;
  readonly targets: readonly PlannedTarget[];
}

/** One cluster of a wave, as delivery assigned it. */
export interface AssignedTarget {
  readonly clusterId: bigint;
  readonly instanceId: bigint;
  readonly generation: bigint;
}

/** When a target counts as failed or offline. */
export interface TargetRules {
  /** Ill health for longer than this fails a target; so does an apply that fails on one that was well before. */
  readonly graceMs: number;
  /** An apply that is refused for longer than this fails a target that was never well on the release. */
  readonly refusalMs: number;
  /** A cluster that was not heard for longer than this is OFFLINE. */
  readonly offlineAfterMs: number;
  /** False: the hub was away and heard nobody, so neither silence nor time says anything of a cluster yet. */
  readonly clockCounts: boolean;
}

/** A target that is named in a message. */
export interface NamedTarget {
  readonly cluster: string;
  readonly state: TargetState;
  readonly message: string;
}

/** Moments besides those of the targets. */
export interface OtherMoments {
  /** When a gate opens or a check ends, where that is known. */
  readonly until: Date | null;
  /** Until then no clock counts. */
  readonly quietUntil: Date | null;
}

export abstract class RolloutStore {
  /** Every cluster with a living instance in the slot. */
  abstract members(tx: Transaction, key: SlotKey): Promise<SlotMember[]>;
  /** Waves with all their targets, after those that the promotion has. */
  abstract addWaves(tx: Transaction, promotion: Promotion, waves: readonly StoredWave[]): Promise<void>;
  /** Clusters that joined, into one wave; one that had left and is back begins anew. */
  abstract addTargets(
    tx: Transaction,
    promotion: Promotion,
    waveId: bigint,
    targets: readonly PlannedTarget[],
  ): Promise<void>;
  /** Moves every target by what its instance and cluster say now, in one statement. */
  abstract judge(tx: Transaction, promotion: Promotion, rules: TargetRules & Judging): Promise<void>;
  abstract waves(tx: Transaction, promotion: Promotion): Promise<WaveFacts[]>;
  abstract clustersOf(tx: Transaction, waveId: bigint): Promise<bigint[]>;
  /** The clusters of the wave that begin now, with their bundles; those without one are not among them. */
  abstract nextTargets(
    tx: Transaction,
    waveId: bigint,
    limit: number,
    rules: TargetRules,
  ): Promise<Map<bigint, string>>;
  abstract begin(tx: Transaction, promotion: Promotion, targets: readonly AssignedTarget[]): Promise<void>;
  abstract setWave(tx: Transaction, waveId: bigint, state: WaveState): Promise<void>;
  /** A promotion that ended has no open waves: what was under way FAILED, what had not begun is SKIPPED. */
  abstract closeWaves(tx: Transaction, promotion: Promotion): Promise<void>;
  /** What was paused is no time that a cluster took. */
  abstract extendDeadlines(tx: Transaction, promotion: Promotion, byMs: number): Promise<void>;
  abstract targetsIn(
    tx: Transaction,
    promotion: Promotion,
    states: readonly TargetState[],
    limit: number,
  ): Promise<NamedTarget[]>;
  /** Writes when the clock alone may move the promotion next; the same moment writes nothing. */
  abstract noteDue(
    tx: Transaction,
    promotion: Promotion,
    rules: TargetRules,
    moments: OtherMoments,
  ): Promise<void>;
  /** Gates that a person passed over. */
  abstract overridden(tx: Transaction, promotion: Promotion): Promise<Set<string>>;
}

/** What a promotion's own step says of time. */
export interface Judging {
  readonly offline: OfflineRule;
  readonly progressDeadlineMs: number;
}
