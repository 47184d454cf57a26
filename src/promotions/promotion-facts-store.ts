// What promotions read of other features' tables to decide and to explain. It writes nothing.
import type { Transaction } from '../platform/database/database.ts';
import type { PromotionNames } from './domain/promotion-event.ts';
import type { Promotion, PromotionStep } from './domain/promotion.ts';
import type { SlotKey } from './promotion-store.ts';

/** A policy step as it stands now, for one application. */
export interface CurrentStep {
  readonly environment: string;
  /** Absent where the environment was deleted; such a step is passed over. */
  readonly environmentId: bigint | null;
  readonly automatic: boolean;
  /** The rest of it, as a promotion remembers it. */
  readonly rules: PromotionStep;
}

/** The current revision of an application's policy. */
export interface CurrentPolicy {
  readonly policyRevisionId: bigint;
  readonly policyRevision: number;
  readonly steps: readonly CurrentStep[];
}

/** A release as promotions see it. */
export interface ReleaseRef {
  readonly id: bigint;
  readonly number: number;
  readonly createdAt: Date;
}

/** A promotion, as far as its names are found by it. */
export type NamedPromotion = Pick<Promotion, 'id' | 'applicationId' | 'environmentId' | 'releaseId'>;

/** A slot by its names, for messages. */
export interface SlotNames extends SlotKey {
  readonly application: string;
  readonly environment: string;
}

export abstract class PromotionFactsStore {
  /** The ids of the two names; `undefined` for each that does not exist. */
  abstract slotByNames(
    tx: Transaction,
    application: string,
    environment: string,
  ): Promise<{ readonly applicationId: bigint | undefined; readonly environmentId: bigint | undefined }>;
  abstract releaseByNumber(
    tx: Transaction,
    applicationId: bigint,
    number: number,
  ): Promise<ReleaseRef | undefined>;
  abstract releaseById(tx: Transaction, releaseId: bigint | null): Promise<ReleaseRef | undefined>;
  /** What is deleted keeps the names that the promotion's own events remember. */
  abstract namesOf(tx: Transaction, promotion: NamedPromotion): Promise<PromotionNames>;
  /** Why nothing can be promoted into the slot any more; `undefined`: its application has a step for it. */
  abstract whyGone(tx: Transaction, key: SlotKey): Promise<string | undefined>;
  abstract policyOf(tx: Transaction, applicationId: bigint): Promise<CurrentPolicy | undefined>;
  /** Applications whose policy is this one. */
  abstract applicationsOf(policyId: bigint): Promise<bigint[]>;
  abstract latestRelease(tx: Transaction, applicationId: bigint): Promise<ReleaseRef | undefined>;
  /** Of these environment names, those that exist. */
  abstract existing(tx: Transaction, environments: readonly string[]): Promise<Set<string>>;
  /** Instances that the slot has now, tombstones aside. */
  abstract instanceCount(tx: Transaction, key: SlotKey): Promise<number>;
  /** Whether the slot has, or had, a promotion of the release: automation tries each once. */
  abstract tried(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<boolean>;
  abstract clusterNames(tx: Transaction, ids: readonly bigint[]): Promise<Map<bigint, string>>;
}
