// Counts over the episodes of a time, those that are still open included.
import type { EpisodeEnd } from '@fairlead/protocol/drift';
import type { DriftFilter, Period } from './domain/drift-filter.ts';
import type { DriftFigures } from './domain/drift-item.ts';
import { clusterJoin, driftFilterSql, DriftParameters, periodSql } from './drift-filter-sql.ts';
import type { Statement } from './drift-page-sql.ts';

const columns = 'd.manager, d.kind, d.path, d.cluster_id, d.first_seen_at';

/** `e`: every episode that the filter names and that began in the period; `closed_at` is null while it is open. */
function episodesSql(filter: DriftFilter, period: Period, parameters: DriftParameters, now: Date): string {
  const where = driftFilterSql(filter, parameters, now);
  const part = (table: string, ends: string, isHistory: boolean): string =>
    `select ${columns}, ${ends} from ${table} d ${clusterJoin(filter)}
      where ${where} and ${periodSql(period, parameters, isHistory)}`;
  return `${part('drift_episode', 'd.closed_at, d.closed_by', true)}
    union all ${part('drift_item', 'null::timestamptz closed_at, null::"EpisodeEnd" closed_by', false)}`;
}

const openMs = (now: string): string =>
  `extract(epoch from coalesce(e.closed_at, ${now}::timestamptz) - e.first_seen_at) * 1000`;

/** The most frequent authors first: an intrusion every week is not healed by healing it. */
export function offendersSql(filter: DriftFilter, period: Period, top: number, now: Date): Statement {
  const parameters = new DriftParameters();
  const episodes = episodesSql(filter, period, parameters, now);
  const median = `percentile_cont(0.5) within group (order by ${openMs(parameters.add(now))})`;
  const text = `select e.manager, e.kind "objectKind", e.path, count(*)::int episodes,
      count(distinct e.cluster_id)::int clusters, (count(*) filter (where e.closed_by = 'HEALED'))::int healed,
      greatest(${median}, 0)::float8 "medianOpenMs", max(e.first_seen_at) "lastAt"
    from (${episodes}) e group by 1, 2, 3 order by episodes desc, "lastAt" desc, 1, 2, 3 limit ${parameters.add(top)}`;
  return { text, values: parameters.values };
}

/** A way to end (null: open) with what is counted of it. */
export interface FigureRow {
  readonly closedBy: EpisodeEnd | null;
  readonly episodes: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A row for each way to end. */
export function figuresSql(filter: DriftFilter, period: Period, now: Date): Statement {
  const parameters = new DriftParameters();
  const episodes = episodesSql(filter, period, parameters, now);
  const took = openMs(parameters.add(now));
  const text = `select e.closed_by "closedBy", count(*)::int episodes, avg(${took})::float8 "meanMs",
      (percentile_cont(0.5) within group (order by ${took}))::float8 "p50Ms",
      (percentile_cont(0.95) within group (order by ${took}))::float8 "p95Ms"
    from (${episodes}) e group by 1`;
  return { text, values: parameters.values };
}

/** Whatever has no row did not happen. */
export function toFigures(rows: readonly FigureRow[]): DriftFigures {
  const countOf = (end: EpisodeEnd | null): number =>
    rows.find(({ closedBy }) => closedBy === end)?.episodes ?? 0;
  const healed = rows.find(({ closedBy }) => closedBy === 'HEALED');
  return {
    episodes: rows.reduce((sum, { episodes }) => sum + episodes, 0),
    open: countOf(null),
    ended: {
      HEALED: countOf('HEALED'),
      REVERTED: countOf('REVERTED'),
      RELEASED: countOf('RELEASED'),
      EXCEPTED: countOf('EXCEPTED'),
      GONE: countOf('GONE'),
    },
    healTime: healed ? { meanMs: healed.meanMs, p50Ms: healed.p50Ms, p95Ms: healed.p95Ms } : null,
  };
}
