// Where approvals and overrides are kept.
import type { Transaction } from '../../platform/database/database.ts';
import type { Promotion } from '../domain/promotion.ts';

/** A consent about to be kept. */
export interface NewApproval {
  readonly gate: string;
  readonly approver: string;
  readonly comment: string | null;
}

/** A gate about to be passed over. */
export interface NewOverride {
  readonly gate: string;
  readonly by: string;
  readonly reason: string;
}

export abstract class DecisionStore {
  /** Bound to the promotion's release; a second one of the same person takes the place of the first. */
  abstract approve(tx: Transaction, promotion: Promotion, approval: NewApproval): Promise<void>;
  /** `false`: the gate was overridden before, which stays as it is. */
  abstract override(tx: Transaction, promotion: Promotion, override: NewOverride): Promise<boolean>;
}
