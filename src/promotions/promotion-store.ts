// What promotions need of the database, in their own words. Every write happens in a transaction of the caller's.
import type { Labels } from '../clusters/domain/labels.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Promotion, PromotionIntent, PromotionStep } from './domain/promotion.ts';

/** One application in one environment. */
export interface SlotKey {
  readonly applicationId: bigint;
  readonly environmentId: bigint;
}

/** A cluster with a living instance in the slot. */
export interface SlotMember {
  readonly id: bigint;
  readonly labels: Labels;
}

/** A member that a release has still to be rendered for. */
export interface JoinedMember extends SlotMember {
  /** Its place in the running rollout, where it joined while that was made ready; else it has none yet. */
  readonly waveId: bigint | null;
}

/** The row that is locked before any start or finish. */
export interface Slot extends SlotKey {
  readonly id: bigint;
  readonly currentReleaseId: bigint | null;
  readonly currentPromotionId: bigint | null;
  readonly verifiedReleaseId: bigint | null;
}

/** What becomes of a slot; what is left out stays. Null: nothing runs in it. */
export interface SlotChange {
  readonly currentReleaseId?: bigint;
  readonly verifiedReleaseId?: bigint;
  readonly currentPromotionId?: bigint | null;
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

/** Why releases wait after a rollback; null for `releaseId`: all of them do. */
export interface ForwardHold {
  readonly reason: string;
  readonly by: string;
  readonly releaseId: bigint | null;
}

/** What there is to do in a slot. */
export interface SlotWork {
  /** Application, environment and the policy's step for it are there. */
  readonly isPlanned: boolean;
  /** Clusters joined: see `unassigned`. */
  readonly hasJoined: boolean;
  readonly isRunning: boolean;
  readonly isPending: boolean;
}

export abstract class PromotionStore {
  /** Makes the slot's row where it is missing, and locks it until the transaction ends. */
  abstract lockSlot(tx: Transaction, key: SlotKey): Promise<Slot>;
  /** Read without a lock: whoever does the work locks the slot and looks again. */
  abstract workIn(key: SlotKey): Promise<SlotWork>;
  /** The caller has locked the slot. */
  abstract changeSlot(tx: Transaction, key: SlotKey, change: SlotChange): Promise<void>;
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
  abstract takeRevision(tx: Transaction, key: SlotKey, revision: StepRevision): Promise<void>;
  /** The database's clock, by which deadlines are judged. */
  abstract now(tx: Transaction): Promise<Date>;
  /** Writes `after` where the row is still as `before`; `false`: the race is lost, read again. */
  abstract save(tx: Transaction, before: Promotion, after: Promotion): Promise<boolean>;
  /** Holds back what is newer, or only `releaseId` and older; a hold of everything that is there already stays as it is. */
  abstract holdForward(tx: Transaction, key: SlotKey, hold: ForwardHold): Promise<void>;
  /** VERIFIED here from now on; a hold of an older release alone has nothing left to hold back. */
  abstract qualify(tx: Transaction, promotion: Promotion): Promise<void>;
  /** Of these environments, those in which the release is VERIFIED and not REVOKED. */
  abstract verifiedIn(
    tx: Transaction,
    releaseId: bigint,
    environments: readonly string[],
  ): Promise<Set<string>>;
  /** Whether the release was ever rolled out in the slot, however that ended. */
  abstract ranHere(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<boolean>;
  /** Verified here most recently, not revoked, and not `except`. */
  abstract lastVerified(tx: Transaction, key: SlotKey, except: bigint | null): Promise<bigint | undefined>;
  /**
   * Slots with an open promotion whose moment has come. Each is claimed for `leaseMs`: whoever looks writes the next
   * moment, and where nobody does it is found again.
   */
  abstract claimDue(leaseMs: number, limit: number): Promise<SlotKey[]>;
  /** Slots that no moment leads to: pending ones that wait for an event, what is left of deleted things, clusters without an assignment. */
  abstract slotsThatWait(): Promise<SlotKey[]>;
  /** Applications with an AUTOMATIC step that their newest release was never promoted to. */
  abstract applicationsToAutomate(): Promise<bigint[]>;
  /** Slots of these applications that have open promotions, and those in which a promotion waits for their releases. */
  abstract openSlotsOf(applicationIds: readonly bigint[]): Promise<SlotKey[]>;
  /** Slots with running promotions that have a target on one of these clusters. */
  abstract runningSlotsOn(clusterIds: readonly bigint[]): Promise<SlotKey[]>;
  /**
   * Clusters of the slot that joined: those that were never given anything and that no rollout has planned for, and those
   * whose target has no bundle yet.
   */
  abstract unassigned(tx: Transaction, slot: Slot): Promise<JoinedMember[]>;
  /** The promotion that brought the release last. */
  abstract lastPromotion(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<bigint | null>;
}
