// Takes reports in: many agents' entries share one transaction, each entry is judged by itself, and roll-ups, events
// and notices of all of them are written together.
import { Injectable } from '@nestjs/common';
import type { ReportVerdict } from '@fairlead/protocol/report';
import { ActivityLog, type Notice } from '../activity/activity-log.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import { UNKNOWN_STATE } from './domain/instance-state.ts';
import { decideReport, type ReportDecision } from './domain/report-decision.ts';
import { reportEvent } from './domain/report-event.ts';
import { rollupDeltas, type InstanceChange } from './domain/rollup.ts';
import { distinctSlots } from './domain/slot-key.ts';
import { DriftLedger, type DriftReport } from './drift-port.ts';
import { GroupCommit } from '../platform/group-commit.ts';
import { ReportStore, type LockedInstance, type ReportEntry, type StatusWrite } from './report-store.ts';

const MAX_ENTRIES = 500;
const LANES = 2;

/** An entry together with what became of it. */
interface Judged {
  readonly entry: ReportEntry;
  readonly instance: LockedInstance;
  readonly decision: ReportDecision;
}

@Injectable()
export class ReportIngestion {
  private readonly commits = new GroupCommit<ReportEntry, ReportVerdict>((entries) => this.store(entries), {
    maxItems: MAX_ENTRIES,
    lanes: LANES,
  });

  constructor(
    private readonly database: Database,
    private readonly reports: ReportStore,
    private readonly drift: DriftLedger,
    private readonly activity: ActivityLog,
    private readonly log: Log,
  ) {}

  /** Entries that wait to be stored by this process. */
  get queued(): number {
    return this.commits.queued;
  }

  /** Resolves once all of them are committed; one verdict for each, in their order. */
  take(entries: readonly ReportEntry[]): Promise<readonly ReportVerdict[]> {
    return this.commits.add(entries);
  }

  private store(entries: readonly ReportEntry[]): Promise<readonly ReportVerdict[]> {
    return this.database.transaction(async (tx) => {
      const newest = newestByInstance(entries);
      const trackingIds = new Set(entries.map(({ instance }) => instance));
      const locked = await this.reports.lock(tx, [...trackingIds]);
      const judged = this.judge([...newest.values()], locked);
      await this.write(tx, [...judged.values()]);
      return entries.map((entry) => judged.get(entry)?.decision.verdict ?? 'STALE');
    });
  }

  /** An entry that is not in the answer is STALE: a newer one replaced it, or the instance is gone or another's. */
  private judge(
    newest: readonly ReportEntry[],
    locked: readonly LockedInstance[],
  ): ReadonlyMap<ReportEntry, Judged> {
    const instances = new Map(locked.map((instance) => [instance.trackingId, instance]));
    const judged = new Map<ReportEntry, Judged>();
    for (const entry of newest) {
      const instance = instances.get(entry.instance);
      if (!instance) continue;
      if (entry.clusterId === instance.clusterId) {
        judged.set(entry, { entry, instance, decision: decideReport(entry, instance, instance.stored) });
      } else this.refuseForeign(entry, instance);
    }
    return judged;
  }

  private refuseForeign(entry: ReportEntry, { application, environment, cluster }: LockedInstance): void {
    this.log.warn('a report for an instance of another cluster was refused', {
      application,
      environment,
      cluster,
      reportedByClusterId: String(entry.clusterId),
    });
  }

  private async write(tx: Transaction, judged: readonly Judged[]): Promise<void> {
    const accepted = judged.filter(({ decision }) => decision.verdict === 'ACCEPTED');
    await this.reports.write(tx, accepted.map(toWrite));
    const positions = judged.filter(({ decision }) => decision.onlyPosition);
    await this.reports.advance(
      tx,
      positions.map(({ entry, instance }) => ({ ...entry, instanceId: instance.id })),
    );
    await this.drift.take(tx, judged.filter(speaksOfDrift).map(toDriftReport));
    await this.reports.applyRollups(tx, rollupDeltas(accepted.map(toChange)));
    await this.tell(tx, accepted);
  }

  private async tell(tx: Transaction, accepted: readonly Judged[]): Promise<void> {
    const visible = accepted.filter(({ decision }) => decision.visible);
    const events = visible.flatMap(({ entry, instance, decision }) =>
      reportEvent(instance, { ...decision, message: entry.message }),
    );
    if (events.length > 0) await this.activity.record(tx, events);
    const notices: Notice[] = [];
    for (const [topic, some] of Map.groupBy(accepted, topicOf))
      notices.push({ topic, payload: { slots: distinctSlots(some.map(({ instance }) => instance)) } });
    if (visible.length > 0) {
      const instanceIds = visible.map(({ instance }) => String(instance.id));
      notices.push({ topic: 'instances.changed', payload: { instanceIds } });
    }
    if (notices.length > 0) await this.activity.notify(tx, notices);
  }
}

/** While an apply is under way, or waits for something, nothing is decided, so that nobody need look at once. */
function topicOf({ decision }: Judged): 'slots.syncing' | 'slots.reported' {
  return decision.sync === 'SYNCING' ? 'slots.syncing' : 'slots.reported';
}

/** The last word on each instance, whichever batch it came in. */
function newestByInstance(entries: readonly ReportEntry[]): Map<string, ReportEntry> {
  const newest = new Map<string, ReportEntry>();
  for (const entry of entries) {
    const key = keyOf(entry.clusterId, entry.instance);
    const other = newest.get(key);
    if (!other || isNotBefore(entry, other)) newest.set(key, entry);
  }
  return newest;
}

/** By cluster as well: what another cluster says of an instance must not push its own cluster's word aside. */
function keyOf(clusterId: bigint, trackingId: string): string {
  return `${clusterId}/${trackingId}`;
}

function isNotBefore(entry: ReportEntry, other: ReportEntry): boolean {
  return entry.session === other.session ? entry.sequence >= other.sequence : entry.session > other.session;
}

function toWrite({ entry, instance, decision }: Judged): StatusWrite {
  const { sync, releaseNumber } = decision;
  const objectsChanged = partHash(entry, -1) !== partHash(instance.stored, -1);
  return { instance, entry, sync, releaseNumber, objectsChanged };
}

/** -1: that of the objects; -2: that of the open drift. */
function partHash(report: { readonly contentHash: string } | undefined, part: -1 | -2): string {
  return report?.contentHash.split('.').at(part) ?? '';
}

function speaksOfDrift({ entry, instance, decision }: Judged): boolean {
  if (decision.verdict === 'STALE') return false;
  if (entry.drift.closed.length > 0 || !instance.stored) return true;
  return partHash(entry, -2) !== partHash(instance.stored, -2);
}

function toDriftReport({ entry, instance }: Judged): DriftReport {
  const isOtherBundle = instance.stored !== undefined && instance.stored.bundleDigest !== entry.bundleDigest;
  return { ...entry.drift, instance, receivedAt: entry.receivedAt, isOtherBundle };
}

function toChange({ entry, instance, decision }: Judged): InstanceChange {
  const after = { sync: decision.sync, health: entry.health, driftCount: entry.driftCount };
  return { clusterId: instance.clusterId, slot: instance, before: instance.stored ?? UNKNOWN_STATE, after };
}
