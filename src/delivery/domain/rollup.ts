// Roll-ups: counts per cluster and per slot, moved by differences in the transaction of the change itself.
import type { Health } from '@fairlead/protocol/health';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import type { InstanceState } from './instance-state.ts';
import type { SlotKey } from './slot-key.ts';

/** The counted columns. What is UNKNOWN is the rest: `instances` less the others of its kind. */
export const rollupColumns = [
  'instances',
  'synced',
  'outOfSync',
  'syncing',
  'failed',
  'healthy',
  'progressing',
  'degraded',
  'suspended',
  'missing',
  'drifted',
  'driftItems',
] as const;

export type RollupColumn = (typeof rollupColumns)[number];

/** Counts, or differences of counts. */
export type RollupCounts = Readonly<Record<RollupColumn, number>>;

/** An instance's state before and after; absent: it did not, or does no longer, exist. */
export interface InstanceChange {
  readonly clusterId: bigint;
  /** Absent where application or environment is gone: then its roll-up goes as a whole. */
  readonly slot: SlotKey | undefined;
  readonly before: InstanceState | undefined;
  readonly after: InstanceState | undefined;
}

/** Differences to add, each list in the order in which its rows are to be locked. */
export interface RollupDeltas {
  readonly clusters: readonly { readonly clusterId: bigint; readonly counts: RollupCounts }[];
  readonly slots: readonly (SlotKey & { readonly counts: RollupCounts })[];
}

const syncColumns: Readonly<Record<SyncStatus, RollupColumn | undefined>> = {
  SYNCED: 'synced',
  OUT_OF_SYNC: 'outOfSync',
  SYNCING: 'syncing',
  FAILED: 'failed',
  UNKNOWN: undefined,
};

const healthColumns: Readonly<Record<Health, RollupColumn | undefined>> = {
  HEALTHY: 'healthy',
  PROGRESSING: 'progressing',
  DEGRADED: 'degraded',
  SUSPENDED: 'suspended',
  MISSING: 'missing',
  UNKNOWN: undefined,
};

type MutableCounts = Record<RollupColumn, number>;

/** Sums the changes up; clusters and slots whose counts stay as they are do not appear. */
export function rollupDeltas(changes: readonly InstanceChange[]): RollupDeltas {
  const clusters = new Map<bigint, { clusterId: bigint; counts: MutableCounts }>();
  const slots = new Map<string, SlotKey & { counts: MutableCounts }>();
  for (const { clusterId, slot, before, after } of changes) {
    const touched = [entryOf(clusters, clusterId, () => ({ clusterId, counts: noCounts() })).counts];
    if (slot) {
      const { applicationId, environmentId } = slot;
      const key = `${applicationId}/${environmentId}`;
      touched.push(entryOf(slots, key, () => ({ applicationId, environmentId, counts: noCounts() })).counts);
    }
    for (const counts of touched) move(counts, before, after);
  }
  return {
    clusters: [...clusters.values()].filter(isMoved).sort((a, b) => order(a.clusterId, b.clusterId)),
    slots: [...slots.values()]
      .filter(isMoved)
      .sort((a, b) => order(a.applicationId, b.applicationId) || order(a.environmentId, b.environmentId)),
  };
}

function entryOf<Key, Entry>(entries: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  const entry = entries.get(key) ?? make();
  entries.set(key, entry);
  return entry;
}

function noCounts(): MutableCounts {
  return Object.fromEntries(rollupColumns.map((column) => [column, 0])) as MutableCounts;
}

function move(counts: MutableCounts, before?: InstanceState, after?: InstanceState): void {
  counts.driftItems += (after?.driftCount ?? 0) - (before?.driftCount ?? 0);
  if (before) for (const column of columnsOf(before)) counts[column] -= 1;
  if (after) for (const column of columnsOf(after)) counts[column] += 1;
}

function columnsOf({ sync, health, driftCount }: InstanceState): RollupColumn[] {
  const columns = [
    syncColumns[sync],
    healthColumns[health],
    driftCount > 0 ? ('drifted' as const) : undefined,
  ];
  return ['instances', ...columns.filter((column) => column !== undefined)];
}

function isMoved({ counts }: { readonly counts: RollupCounts }): boolean {
  return Object.values(counts).some((count) => count !== 0);
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
