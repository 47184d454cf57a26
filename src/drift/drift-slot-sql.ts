// Open drift by slot: for the gate of promotions and for /metrics.
import type { OpenDrift } from '../delivery/domain/drift-report.ts';
import type { SlotDrift } from './domain/drift-free.ts';

/** As it comes from the database; the example is not yet in words. */
export interface SlotDriftRow extends Omit<SlotDrift, 'example'> {
  readonly example:
    | (Pick<OpenDrift, 'kind' | 'namespace' | 'name' | 'path' | 'type' | 'manager'> & {
        readonly cluster: string;
      })
    | null;
}

/**
 * One row for each slot ($1 applications, $2 environments), in their order; $3 is since when a cluster must have been
 * heard to be ONLINE. Instances whose agents count drift without listing any are found by the status alone.
 */
export const slotDriftSql = `
  select coalesce(o.items, 0)::int items, coalesce(o.stale_items, 0)::int "staleItems",
         (coalesce(o.instances, 0) + n.instances)::int instances, o.oldest_at "oldestAt", x.example
    from unnest($1::bigint[], $2::bigint[]) with ordinality k(application_id, environment_id, number)
    left join lateral (
      select count(*) items, count(distinct d.instance_id) instances, min(d.first_seen_at) oldest_at,
             count(*) filter (where c.revoked_at is not null or coalesce(r.last_seen_at <= $3::timestamptz, true)) stale_items
        from drift_item d
        join instance i on i.id = d.instance_id and i.tombstone is null
        join cluster c on c.id = d.cluster_id
        left join cluster_rollup r on r.cluster_id = d.cluster_id
       where d.application_id = k.application_id and d.environment_id = k.environment_id and d.exception_id is null
    ) o on true
    left join lateral (
      select count(*) instances from instance_status s
       where s.application_id = k.application_id and s.environment_id = k.environment_id and s.drift_count > 0
         and not exists (select from drift_item d where d.instance_id = s.instance_id)
    ) n on true
    left join lateral (
      select jsonb_build_object('kind', d.kind, 'namespace', d.namespace, 'name', d.name, 'path', d.path,
                                'type', d.type, 'manager', d.manager, 'cluster', c.name) example
        from drift_item d
        join instance i on i.id = d.instance_id and i.tombstone is null
        join cluster c on c.id = d.cluster_id
       where d.application_id = k.application_id and d.environment_id = k.environment_id and d.exception_id is null
       order by d.first_seen_at, d.id limit 1
    ) x on true
   order by k.number`;

/** A row for each slot that has any, counted by the roll-ups; what a person accepted is not counted, and has no age here. */
export const slotCountsSql = `
  select a.name application, e.name environment, r.drift_items items,
         (select min(d.first_seen_at) from drift_item d
           where d.application_id = r.application_id and d.environment_id = r.environment_id
             and d.exception_id is null) "oldestAt"
    from slot_rollup r join application a on a.id = r.application_id join environment e on e.id = r.environment_id
   where r.drift_items > 0`;
