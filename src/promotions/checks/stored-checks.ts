// Answers what checks say from their stored runs, and has the new ones asked as soon as they are committed.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.ts';
import { JobQueue } from '../../platform/queue/job.ts';
import { CheckRunStore } from './check-run-store.ts';
import { findDueChecks } from './check-jobs.ts';
import { Checks, type CheckedPromotion, type CheckRunState, type WantedRun } from './checks-port.ts';

@Injectable()
export class StoredChecks extends Checks {
  constructor(
    private readonly store: CheckRunStore,
    private readonly jobs: JobQueue,
  ) {
    super();
  }

  override async ensure(
    tx: Transaction,
    promotion: CheckedPromotion,
    runs: readonly WantedRun[],
  ): Promise<CheckRunState[]> {
    if (runs.length === 0) return [];
    const known = await this.store.statesOf(tx, [promotion.id]);
    const missing = runs.filter(({ gate }) => !known.some((run) => run.gate === gate));
    if (missing.length === 0) return inOrder(runs, known);
    await this.store.create(tx, promotion, missing);
    this.askAfterCommit(tx);
    return inOrder(runs, await this.store.statesOf(tx, [promotion.id]));
  }

  override async read(tx: Transaction, promotionIds: readonly bigint[]) {
    const states = promotionIds.length === 0 ? [] : await this.store.statesOf(tx, promotionIds);
    return Map.groupBy(states, ({ promotionId }) => promotionId);
  }

  override async restart(tx: Transaction, promotion: CheckedPromotion): Promise<void> {
    await this.store.restart(tx, promotion.id);
    this.askAfterCommit(tx);
  }

  private askAfterCommit(tx: Transaction): void {
    tx.afterCommit(() => this.jobs.add(findDueChecks, [{}]));
  }
}

function inOrder(runs: readonly WantedRun[], states: readonly CheckRunState[]): CheckRunState[] {
  return runs.flatMap(({ gate }) => states.filter((state) => state.gate === gate));
}
