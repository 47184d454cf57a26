// The rows that the figures of delivery are computed from.
import type { PromotionIntent, PromotionState } from '../domain/promotion.ts';
import type { FigureWindow, History } from './domain/delivery-figures.ts';

/** Both given must match; neither: everything. */
export interface FigureScope {
  readonly application: string | undefined;
  readonly environment: string | undefined;
}

/** How a promotion ended. */
export interface EndedPromotion {
  readonly id: bigint;
  readonly state: PromotionState;
  readonly intent: PromotionIntent;
  /** From its release's commit to its end. */
  readonly leadTimeMs: number;
}

export abstract class HistoryStore {
  /** How many promotions hold their slots, by state. */
  abstract running(): Promise<Map<PromotionState, number>>;
  /** Ids of promotions that wait, the oldest first. */
  abstract pending(limit: number): Promise<bigint[]>;
  /** Of these, those that are over. */
  abstract ended(ids: readonly bigint[]): Promise<EndedPromotion[]>;
  /** Which of the names of the scope do not exist, as `application` or `environment`. */
  abstract unknown(scope: FigureScope): Promise<(keyof FigureScope)[]>;
  /** Of one moment: three statements in one snapshot. */
  abstract history(scope: FigureScope, window: FigureWindow): Promise<History>;
}
