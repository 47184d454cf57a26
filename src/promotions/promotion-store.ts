// What promotions need of the database, in their own words. Every write happens in a transaction of the caller's.
import type { SqlTransaction, Transaction } from '../platform/database/database.ts';
import type { Promotion, PromotionIntent, PromotionStep, TargetState } from './domain/promotion.ts';
import type { TargetTally } from './domain/wave-progress.ts';

/** One application in one environment. */
export interface SlotKey {
  readonly applicationId: bigint;
  readonly environmentId: bigint;
}

/** The row that is locked before any start or finish. */
export interface Slot extends SlotKey {
  readonly id: bigint;
  readonly currentReleaseId: bigint | null;
  readonly currentPromotionId: bigint | null;
  readonly verifiedReleaseId: bigint | null;
}

/** A promotion that is about to be made, always PENDING. */
export interface NewPromotion extends SlotKey {
  readonly releaseId: bigint;
  readonly intent: PromotionIntent;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly policyRevisionId: bigint;
  readonly policyRevision: number;
  readonly step: PromotionStep;
  readonly idempotencyKey: string | null;
  readonly retryOfId: bigint | null;
  readonly rollbackOfId: bigint | null;
}

/** A slot's step as a policy revision has it. */
export type StepRevision = Pick<NewPromotion, 'policyRevisionId' | 'policyRevision' | 'step'>;

/** One cluster of a wave, as delivery assigned it. */
export interface AssignedTarget {
  readonly clusterId: bigint;
  readonly instanceId: bigint;
  readonly generation: bigint;
}

/** When a target counts as failed or offline. */
export interface TargetRules {
  /** DEGRADED for longer than this fails a target. */
  readonly degradedGraceMs: number;
  /** A cluster that was not heard for longer than this is OFFLINE. */
  readonly offlineAfterMs: number;
  readonly progressDeadlineMs: number;
  /** False: the hub was away and heard nobody, so neither silence nor time says anything of a cluster yet. */
  readonly clockCounts: boolean;
}

/** What makes a target due to be judged again. */
export type DueRules = Pick<TargetRules, 'degradedGraceMs' | 'offlineAfterMs'>;

/** A target that is named in a message. */
export interface NamedTarget {
  readonly cluster: string;
  readonly state: TargetState;
  readonly message: string;
}

export abstract class PromotionStore {
  /** Makes the slot's row where it is missing, and locks it until the transaction ends. */
  abstract lockSlot(tx: Transaction, key: SlotKey): Promise<Slot>;
  abstract saveSlot(tx: Transaction, slot: Slot): Promise<void>;
  /** Running and pending promotions of a slot, in the order in which they were made. */
  abstract openPromotions(tx: Transaction, key: SlotKey): Promise<Promotion[]>;
  abstract byId(tx: Transaction, id: bigint): Promise<Promotion | undefined>;
  abstract byIdempotencyKey(
    tx: Transaction,
    key: SlotKey,
    idempotencyKey: string,
  ): Promise<Promotion | undefined>;
  /** `undefined` where a promotion with this idempotency key exists: somebody else was first. */
  abstract create(tx: Transaction, promotion: NewPromotion): Promise<Promotion | undefined>;
  /** Pending promotions of the slot follow the policy; what runs keeps the revision that it started with. */
  abstract takeRevision(tx: SqlTransaction, key: SlotKey, revision: StepRevision): Promise<void>;
  /** Writes `after` where the row is still as `before`; `false`: the race is lost, read again. */
  abstract save(tx: Transaction, before: Promotion, after: Promotion): Promise<boolean>;
  /** The one wave of this cut, IN_PROGRESS, with its targets ASSIGNED. */
  abstract createWave(
    tx: Transaction,
    promotion: Promotion,
    targets: readonly AssignedTarget[],
  ): Promise<void>;
  /** Clusters that stay as they are, with the reason; they count neither for nor against the wave. */
  abstract skipTargets(
    tx: Transaction,
    promotion: Promotion,
    reasons: ReadonlyMap<bigint, { readonly message: string }>,
  ): Promise<void>;
  /** More clusters for the wave that is in progress: those that joined meanwhile. */
  abstract addTargets(
    tx: Transaction,
    promotion: Promotion,
    targets: readonly AssignedTarget[],
  ): Promise<void>;
  /** Moves every target by what its instance and cluster say now, in one statement, and counts them. */
  abstract judgeTargets(tx: Transaction, promotion: Promotion, rules: TargetRules): Promise<TargetTally>;
  abstract finishWave(
    tx: Transaction,
    promotion: Promotion,
    state: 'PASSED' | 'FAILED' | 'SKIPPED',
  ): Promise<void>;
  /** What was paused is no time that a cluster took. */
  abstract extendDeadlines(tx: Transaction, promotion: Promotion, byMs: number): Promise<void>;
  /** The promotion's checks that could not be judged are asked anew. */
  abstract forgetInconclusive(tx: Transaction, promotion: Promotion): Promise<void>;
  abstract targetsIn(
    tx: Transaction,
    promotion: Promotion,
    states: readonly TargetState[],
    limit: number,
  ): Promise<NamedTarget[]>;
  abstract qualify(tx: Transaction, promotion: Promotion): Promise<void>;
  /** Of these environments, those in which the release is VERIFIED and not REVOKED. */
  abstract verifiedIn(
    tx: SqlTransaction,
    releaseId: bigint,
    environments: readonly string[],
  ): Promise<Set<string>>;
  /** Whether the release was ever rolled out in the slot, however that ended. */
  abstract ranHere(tx: SqlTransaction, key: SlotKey, releaseId: bigint): Promise<boolean>;
  /** Verified here most recently, not revoked, and not `except`. */
  abstract lastVerified(tx: Transaction, key: SlotKey, except: bigint | null): Promise<bigint | undefined>;
  /** Slots that a clock may have to move: a running promotion with targets past a deadline, degraded or offline. */
  abstract slotsWithDuePromotions(rules: DueRules): Promise<SlotKey[]>;
  /** Slots with pending promotions, with open ones but nothing left to promote, or with clusters that were given nothing. */
  abstract slotsThatWait(): Promise<SlotKey[]>;
  /** Applications with an AUTOMATIC step that their newest release was never promoted to. */
  abstract applicationsToAutomate(): Promise<bigint[]>;
  /** Slots of the application that have open promotions. */
  abstract openSlotsOf(applicationId: bigint): Promise<SlotKey[]>;
  /** Slots with running promotions that have a target on the cluster. */
  abstract runningSlotsOnCluster(clusterId: bigint): Promise<SlotKey[]>;
  /** Instances of the slot that were never assigned anything: they joined. */
  abstract unassigned(tx: SqlTransaction, key: SlotKey): Promise<bigint[]>;
  /** The promotion that brought the slot's current release. */
  abstract lastPromotion(tx: SqlTransaction, slot: Slot): Promise<bigint | null>;
}
