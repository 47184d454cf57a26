// Pages and facts for people: what the API shows of slots, promotions, waves and targets. It writes nothing.
import type { Page } from '../platform/graphql/connection.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { OpenTargets } from './domain/explain-rollout.ts';
import type { SlotFacts } from './domain/explain-slot.ts';
import type { Promotion, PromotionState, TargetState, WaveState } from './domain/promotion.ts';
import type { TargetTally } from './domain/wave-progress.ts';
import type { Slot, SlotKey } from './promotion-store.ts';

/** Every member that is given must match. */
export interface PromotionFilter {
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly release?: number | undefined;
  readonly states?: readonly PromotionState[] | undefined;
}

/** A slot as a list shows it; `id` is the cursor. */
export interface SlotFilter {
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  /** Whether something is held back there now. */
  readonly held?: boolean | undefined;
}

export interface WaveRow {
  readonly id: bigint;
  readonly promotionId: bigint;
  readonly name: string;
  readonly state: WaveState;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly tally: TargetTally;
}

export interface TargetRow {
  readonly clusterId: bigint;
  readonly state: TargetState;
  readonly message: string;
  readonly healthySince: Date | null;
}

/** One page of `size` rows after the row whose id is `after`. */
export interface PageRequest {
  readonly first: number;
  readonly after?: bigint | undefined;
}

export abstract class PromotionReadStore {
  abstract promotionsById(ids: readonly bigint[]): Promise<Promotion[]>;
  /** Of these, those that match. */
  abstract matching(ids: readonly bigint[], filter: PromotionFilter): Promise<Promotion[]>;
  /** Newest first. */
  abstract promotions(filter: PromotionFilter, page: PageRequest): Promise<Page<Promotion>>;
  abstract promotionsOfRelease(releaseId: bigint, page: PageRequest): Promise<Page<Promotion>>;
  /** Oldest first. */
  abstract pendingOf(key: SlotKey, page: PageRequest): Promise<Page<Promotion>>;
  /** Pending and running ones, oldest first. */
  abstract openOf(keys: readonly SlotKey[]): Promise<Promotion[]>;
  abstract slots(filter: SlotFilter, page: PageRequest): Promise<Page<Slot>>;
  abstract slotsByKey(keys: readonly SlotKey[], filter?: SlotFilter): Promise<Slot[]>;
  /** `undefined` where application or environment does not exist; a slot that was never used yet has the id 0. */
  abstract slotByNames(application: string, environment: string): Promise<Slot | undefined>;
  abstract wavesOf(promotionIds: readonly bigint[]): Promise<WaveRow[]>;
  abstract targetsOf(
    waveId: bigint,
    states: readonly TargetState[] | undefined,
    page: PageRequest,
  ): Promise<Page<TargetRow>>;
  /** What a running promotion's targets wait for, grouped in the database. */
  abstract openTargets(tx: Transaction, promotionId: bigint): Promise<OpenTargets[]>;
  /** All that an explanation needs of slots besides their promotions; for those of them that exist. */
  abstract slotFacts(keys: readonly SlotKey[]): Promise<(SlotKey & Omit<SlotFacts, 'running' | 'pending'>)[]>;
}
