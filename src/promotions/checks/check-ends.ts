// Writes what an attempt told; where that ends the run, tells the promotion and the record, in the same transaction.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../../activity/activity-log.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { Log } from '../../platform/logging/log.ts';
import { CheckRunStore, type ClaimedRun } from './check-run-store.ts';
import { afterAttempt, type AttemptOutcome, type RunProgress } from './domain/check-run.ts';

@Injectable()
export class CheckEnds {
  constructor(
    private readonly store: CheckRunStore,
    private readonly activity: ActivityLog,
    private readonly log: Log,
  ) {}

  /** `undefined`: somebody else was faster, and nothing was written. */
  async take(
    tx: Transaction,
    run: ClaimedRun,
    outcome: AttemptOutcome,
    actor = 'fairlead',
  ): Promise<RunProgress | undefined> {
    const progress = afterAttempt(run.rule, run, outcome, run.leftMs);
    const evidence = { ...outcome.evidence, attempts: run.attempts, release: run.release };
    if (!(await this.store.save(tx, run, { ...progress, evidence }))) return undefined;
    if (progress.state !== 'RUNNING') await this.tell(tx, run, progress, actor);
    return progress;
  }

  private async tell(
    tx: Transaction,
    run: ClaimedRun,
    { state, message }: RunProgress,
    actor: string,
  ): Promise<void> {
    const { application, environment, release, gate, promotionId } = run;
    const word = { PASSED: 'passed', FAILED: 'failed', INCONCLUSIVE: 'is inconclusive', RUNNING: 'runs' }[
      state
    ];
    const sentence = `${gate} of release ${release} of ${application} in ${environment} ${word}: ${message}`;
    await this.activity.record(tx, [
      {
        kind: `check.${state.toLowerCase()}`,
        actor,
        message: sentence,
        application,
        environment,
        promotionId,
        data: { gate, release, kind: run.rule.kind },
      },
    ]);
    await this.activity.notify(tx, [
      {
        topic: 'promotion.changed',
        payload: {
          promotionId: String(promotionId),
          applicationId: String(run.applicationId),
          environmentId: String(run.environmentId),
        },
      },
    ]);
    tx.afterCommit(() =>
      this.log.info(sentence, {
        application,
        environment,
        release,
        promotion: String(promotionId),
        gate,
        state,
      }),
    );
  }
}
