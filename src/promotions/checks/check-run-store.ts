// Where runs of checks are kept, and how one replica claims what is due.
import type { Transaction } from '../../platform/database/database.ts';
import type { CheckedPromotion, CheckRunState, WantedRun } from './checks-port.ts';
import type { RunProgress, RunRule, RunTally } from './domain/check-run.ts';

/** A run that this process may ask once, with what its question needs to know. */
export interface ClaimedRun extends RunTally {
  readonly id: bigint;
  readonly promotionId: bigint;
  readonly applicationId: bigint;
  readonly environmentId: bigint;
  readonly gate: string;
  readonly rule: RunRule;
  /** Counts claims: an outcome is taken only from the last one. */
  readonly attempts: number;
  readonly clusterIds: readonly bigint[];
  readonly instructionIds: readonly string[];
  readonly deadlineAt: Date;
  /** Until the deadline, by the database's clock. */
  readonly leftMs: number;
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly commit: string;
}

/** What is written of a run after an attempt. */
export interface SavedAttempt extends RunProgress {
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Every write is one guarded statement; times are the database's. */
export abstract class CheckRunStore {
  abstract create(tx: Transaction, promotion: CheckedPromotion, runs: readonly WantedRun[]): Promise<void>;
  abstract statesOf(tx: Transaction, promotionIds: readonly bigint[]): Promise<CheckRunState[]>;
  /** INCONCLUSIVE ones begin anew. */
  abstract restart(tx: Transaction, promotionId: bigint): Promise<void>;
  /** Runs of open promotions that are due, the longest due first. */
  abstract due(limit: number): Promise<bigint[]>;
  /** The run, if it is due and nobody has it; nobody else gets it for `leaseMs`, so that a dead replica's is taken over. */
  abstract claim(id: bigint, leaseMs: number): Promise<ClaimedRun | undefined>;
  /** The answer could not be stored: the run is due again soon, later with each attempt, unless somebody else has it now. */
  abstract giveBack(run: Pick<ClaimedRun, 'id' | 'attempts'>): Promise<void>;
  /** False where the run was claimed again, answered or ended meanwhile: the outcome is dropped. */
  abstract save(
    tx: Transaction,
    run: Pick<ClaimedRun, 'id' | 'attempts'>,
    attempt: SavedAttempt,
  ): Promise<boolean>;
  /** Notes the Job's instructions; false where another replica did it already. */
  abstract noteInstructions(
    tx: Transaction,
    run: Pick<ClaimedRun, 'id' | 'attempts'>,
    clusterIds: readonly bigint[],
    instructionIds: readonly string[],
  ): Promise<boolean>;
  /** Notes with which key the webhook may be answered; the hash alone is kept. */
  abstract expectCallback(runId: bigint, hash: Buffer): Promise<void>;
  /** Locks the run that waits for this key; `undefined` where none does (any more). */
  abstract awaiting(tx: Transaction, hash: Buffer): Promise<ClaimedRun | undefined>;
  /** Clusters on which a Job of this promotion runs where the policy names none: the accepted ones of its environment. */
  abstract clustersOf(tx: Transaction, run: ClaimedRun): Promise<bigint[]>;
  abstract clusterNames(tx: Transaction, ids: readonly bigint[]): Promise<Map<bigint, string>>;
}
