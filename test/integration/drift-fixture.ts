// Drift on a real database: what agents report of it, and rows to look at.
import { randomUUID } from 'node:crypto';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import {
  agentOf,
  assignRelease,
  batchOf,
  instanceRows,
  reportOf,
  seedFleet,
  type Fleet,
  type InstanceRow,
  type SeededFleet,
} from './delivery-fixture.ts';

/** A fleet of clusters of one environment that run release 1 of every application. */
export interface DriftFleet {
  readonly seeded: SeededFleet;
  rowOf(application: string, cluster: string): Promise<InstanceRow>;
  /** One message of the cluster's agent about one instance. */
  report(said: Said): Promise<readonly string[]>;
}

/** What an agent says of one instance. */
export interface Said {
  readonly cluster: string;
  readonly application?: string;
  readonly sequence: number;
  readonly drift: readonly ReportedDrift[];
  readonly truncated?: boolean;
  readonly sentAt?: Date;
  readonly session?: number;
}

const TABLES =
  'cluster, environment, policy, application, repository, instance, slot_rollup, event, outbox, instruction, drift_item, drift_episode, drift_exception';

/** Empties the database and seeds it. */
export async function seedDriftFleet(
  fleet: Fleet,
  clusters: readonly string[] = ['a', 'b'],
  applications: readonly string[] = ['shop'],
): Promise<DriftFleet> {
  await fleet.sql(`truncate ${TABLES} cascade`);
  const seeded = await seedFleet(fleet, {
    clusters: Object.fromEntries(clusters.map((name) => [name, 'dev'])),
    environments: ['dev'],
    applications,
  });
  await fleet.follow({
    applicationIds: [...seeded.applicationIds.values()],
    environmentIds: [...seeded.environmentIds.values()],
  });
  for (const application of applications) {
    await assignRelease(fleet, seeded, { application, environment: 'dev', number: 1, clusters });
  }
  await fleet.sql('truncate outbox');
  const rowOf = async (application: string, cluster: string): Promise<InstanceRow> =>
    (await instanceRows(fleet)).find(
      (row) => row.cluster === cluster && row.application_name === application && row.tombstone === null,
    )!;
  return {
    seeded,
    rowOf,
    report: async ({ cluster, application = 'shop', sequence, drift, ...more }) => {
      const { truncated = false, sentAt = new Date(), session = 1 } = more;
      const driftCount = drift.filter(({ closedAt }) => closedAt === undefined).length;
      const row = await rowOf(application, cluster);
      const report = { ...reportOf(row, { driftCount }), drift, driftTruncated: truncated };
      const batch = { ...batchOf(sequence, [report], { session }), sentAt };
      return (await fleet.reports.report(agentOf(seeded, cluster), batch)).verdicts;
    },
  };
}

/** A field that a person changed a minute ago, unless `change` says otherwise. */
export function reported(change: Partial<ReportedDrift> = {}): ReportedDrift {
  return {
    episode: randomUUID(),
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    path: 'spec.replicas',
    type: 'MODIFIED',
    desired: '3',
    live: '1',
    masked: false,
    manager: 'kubectl-edit',
    managerClass: 'PERSON',
    operation: 'Update',
    firstSeenAt: new Date(Date.now() - 60_000).toISOString(),
    healedCount: 0,
    contested: false,
    ...change,
  };
}

/** The same difference, ended now. */
export function ended(
  drift: ReportedDrift,
  closedBy: NonNullable<ReportedDrift['closedBy']> = 'HEALED',
): ReportedDrift {
  return { ...drift, healedCount: drift.healedCount + 1, closedAt: new Date().toISOString(), closedBy };
}

/** An episode's row, as far as tests look at it. */
export interface EpisodeRow {
  readonly id: bigint;
  readonly episode: string;
  readonly path: string;
  readonly closed_by: string;
  readonly first_seen_at: Date;
  readonly closed_at: Date;
}

export function itemRows({ sql }: Pick<Fleet, 'sql'>) {
  return sql<{
    id: bigint;
    episode: string;
    path: string;
    live: string | null;
    first_seen_at: Date;
    healed_count: number;
    contested: boolean;
    exception_id: bigint | null;
  }>('select * from drift_item order by id');
}

export function episodeRows({ sql }: Pick<Fleet, 'sql'>): Promise<EpisodeRow[]> {
  return sql<EpisodeRow>('select * from drift_episode order by id');
}

export function eventsOf({ sql }: Pick<Fleet, 'sql'>) {
  return sql<{ kind: string; message: string; actor: string; cluster: string | null }>(
    'select kind, message, actor, cluster from event order by id',
  );
}
