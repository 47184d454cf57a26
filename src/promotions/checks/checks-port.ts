// What the gates and the engine ask of checks: that the runs of a promotion exist, and what each says.
import type { Transaction } from '../../platform/database/database.ts';
import type { CheckState, RunRule } from './domain/check-run.ts';

/** A question that must be asked: `gate` is the gate's name, `verification:NAME`, or `wave:WAVE:NAME`. */
export interface WantedRun {
  readonly gate: string;
  readonly rule: RunRule;
  /** Where a Job runs; left out: on every cluster of the environment. Only the first `ensure` of a run counts. */
  readonly clusterIds?: readonly bigint[];
}

/** What a run says now. */
export interface CheckRunState {
  readonly promotionId: bigint;
  readonly gate: string;
  readonly kind: RunRule['kind'];
  readonly state: CheckState;
  /** One sentence with what was seen last; never a secret. */
  readonly message: string;
  /** Since when `state` holds. */
  readonly since: Date;
  readonly deadlineAt: Date;
  /** Whether it ended because its time was over: a webhook's gate has expired then. */
  readonly expired: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A promotion, as far as its checks know it. */
export interface CheckedPromotion {
  readonly id: bigint;
}

/** Runs are made once and asked until they are final; a run that ends notifies `promotion.changed`. */
export abstract class Checks {
  /** Makes the missing runs (due at once) and answers what all of the wanted ones say, in their order. */
  abstract ensure(
    tx: Transaction,
    promotion: CheckedPromotion,
    runs: readonly WantedRun[],
  ): Promise<CheckRunState[]>;
  /** All runs of each promotion that has any. */
  abstract read(tx: Transaction, promotionIds: readonly bigint[]): Promise<Map<bigint, CheckRunState[]>>;
  /** Asks INCONCLUSIVE runs again, from the beginning: a person resumed the promotion. */
  abstract restart(tx: Transaction, promotion: CheckedPromotion): Promise<void>;
}
