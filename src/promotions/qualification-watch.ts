// Watches verified releases where they run: ill health interrupts their soak and, when it lasts, takes VERIFIED from them,
// so that the environments behind wait.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { Config } from '../platform/config/config.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import { AUTOMATION } from './domain/promotion.ts';
import { QualificationStore, type ChangedQualification } from './qualification-store.ts';

@Injectable()
export class QualificationWatch {
  constructor(
    private readonly database: Database,
    private readonly store: QualificationStore,
    private readonly activity: ActivityLog,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** Idempotent; any number of replicas may do it at once. */
  async watch(): Promise<void> {
    const { healthGraceMs } = this.config;
    await this.database.transaction(async (tx) => {
      await this.store.noteHealth(tx, healthGraceMs);
      for (const changed of await this.store.revokeIll(tx, healthGraceMs)) {
        await this.tell(tx, changed, { kind: 'release.revoked', words: 'is not verified any more in' });
      }
      for (const changed of await this.store.restoreWell(tx, healthGraceMs)) {
        await this.tell(tx, changed, { kind: 'release.restored', words: 'is verified again in' });
      }
    });
  }

  private async tell(
    tx: Transaction,
    changed: ChangedQualification,
    { kind, words }: { readonly kind: string; readonly words: string },
  ): Promise<void> {
    const { application, environment, release, promotionId, reason } = changed;
    const message = `Release ${release} of ${application} ${words} ${environment}: ${reason}`;
    const names = { application, environment };
    await this.activity.record(tx, [
      { kind, actor: AUTOMATION, message, ...names, promotionId, data: { release } },
    ]);
    const ids = {
      applicationId: String(changed.applicationId),
      environmentId: String(changed.environmentId),
    };
    await this.activity.notify(tx, [
      { topic: 'promotion.changed', payload: { promotionId: String(promotionId), ...ids } },
    ]);
    tx.afterCommit(() => this.log.warn(message, { ...names, release }));
  }
}
