// Keeps what reports say of drift: open items, the history of those that ended, and what people should be told of it.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { inChunks } from '../delivery/domain/chunks.ts';
import { DriftLedger, type DriftReport } from '../delivery/drift-port.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { driftEvents, type DriftNews } from './domain/drift-event.ts';
import { planDrift, type DriftPlan } from './domain/plan-drift.ts';
import { changedNotices } from './drift-notices.ts';
import { DriftStore, type PassedItem, type Placed } from './drift-store.ts';
import { DriftTally } from './drift-tally.ts';

interface InstanceNews extends DriftNews {
  readonly instance: DriftReport['instance'];
}

interface Planned {
  readonly report: DriftReport;
  readonly plan: DriftPlan;
}

const SWEEP = 1_000;

@Injectable()
export class DriftKeeper extends DriftLedger {
  constructor(
    private readonly database: Database,
    private readonly store: DriftStore,
    private readonly activity: ActivityLog,
    private readonly tally: DriftTally,
  ) {
    super();
  }

  override async take(tx: Transaction, reports: readonly DriftReport[]): Promise<void> {
    if (reports.length === 0) return;
    const ids = reports.map(({ instance }) => instance.id);
    const stored = Map.groupBy(await this.store.lock(tx, ids), ({ instanceId }) => instanceId);
    const planned = reports.map((report) => ({
      report,
      plan: planDrift(report, stored.get(report.instance.id) ?? [], report),
    }));
    const ended = planned.flatMap(({ plan }) => plan.ended).sort((a, b) => (a.id < b.id ? -1 : 1));
    await this.store.end(tx, ended);
    const passed = await this.store.putPassed(
      tx,
      placed(planned, ({ passed: all }) => all),
    );
    const opened = await this.store.putOpen(
      tx,
      placed(planned, ({ open }) => open),
    );
    const itemIds = [...opened, ...ended.map(({ id }) => id), ...passed.map(({ id }) => id)];
    await this.tell(tx, newsOf(planned, passed), itemIds);
  }

  /** Ends the drift of instances that were removed, or whose reports were forgotten. */
  async endOf(instanceIds: readonly bigint[]): Promise<void> {
    for (const ids of inChunks(instanceIds)) await this.endGone({ instanceIds: ids });
  }

  /** Ends the drift of whatever went without a word: a cluster that was deleted with everything on it. */
  async sweep(): Promise<void> {
    while ((await this.endGone({ sweep: SWEEP })) === SWEEP);
  }

  private endGone(which: Parameters<DriftStore['endGone']>[1]): Promise<number> {
    return this.database.transaction(async (tx) => {
      const ids = await this.store.endGone(tx, which);
      await this.activity.notify(tx, changedNotices(ids));
      return ids.length;
    });
  }

  private async tell(
    tx: Transaction,
    news: readonly InstanceNews[],
    itemIds: readonly bigint[],
  ): Promise<void> {
    const events = news.flatMap(({ instance, ...told }) => driftEvents(instance, told));
    await this.activity.record(tx, events);
    await this.activity.notify(tx, changedNotices(itemIds));
    tx.afterCommit(() => this.tally.count(news));
  }
}

/** What the history had already was told when it came first: an agent says it again where it got no answer. */
function newsOf(planned: readonly Planned[], stored: readonly PassedItem[]): InstanceNews[] {
  const isNews = new Set(stored.map(({ instanceId, episode }) => `${instanceId}/${episode}`));
  return planned.map(({ report: { instance }, plan: { opened, contested, closed, passed } }) => ({
    instance,
    opened,
    contested,
    closed,
    passed: passed.filter(({ episode }) => isNews.has(`${instance.id}/${episode}`)),
  }));
}

function placed<Drift>(
  planned: readonly Planned[],
  choose: (plan: DriftPlan) => readonly Drift[],
): Placed<Drift>[] {
  return planned.flatMap(({ report, plan }) =>
    choose(plan).map((drift) => ({ ...drift, place: report.instance })),
  );
}
