// The statements that find what only the clock moves, and what no notice moved.

/**
 * Slots that only the clock moves: an open target past its deadline, degraded beyond the grace, or on a cluster that
 * went silent or came back. $1 degraded grace ms, $2 offline after ms.
 */
export const slotsWithDuePromotionsSql = `
select distinct p.application_id "applicationId", p.environment_id "environmentId"
  from promotion p
  join promotion_target t on t.promotion_id = p.id
  left join instance_status s on s.instance_id = t.instance_id
  left join cluster_rollup r on r.cluster_id = t.cluster_id
 where p.state in ('ROLLING', 'PAUSED', 'VERIFYING')
   and ((t.state in ('ASSIGNED', 'APPLYING') and t.deadline_at < now())
     or (t.state in ('ASSIGNED', 'APPLYING') and s.health = 'DEGRADED' and s.changed_at < now() - $1 * interval '1 ms')
     or (t.state in ('ASSIGNED', 'APPLYING') and coalesce(r.last_seen_at < now() - $2 * interval '1 ms', true))
     or (t.state = 'OFFLINE' and r.last_seen_at >= now() - $2 * interval '1 ms'))`;

/**
 * Slots in which something waits: a pending promotion, an open one whose application or environment is gone, or a
 * cluster that was given nothing although the slot has a release.
 */
export const slotsThatWaitSql = `
select p.application_id "applicationId", p.environment_id "environmentId"
  from promotion p
 where p.state = 'PENDING'
    or (p.state in ('ROLLING', 'PAUSED', 'VERIFYING')
        and not (exists (select from application where id = p.application_id)
             and exists (select from environment where id = p.environment_id)))
 union
select i.application_id, i.environment_id
  from instance i
  join slot s on s.application_id = i.application_id and s.environment_id = i.environment_id
 where i.release_id is null and i.tombstone is null and s.current_release_id is not null`;

/** Applications with an AUTOMATIC step to which their newest release was never promoted. */
export const applicationsToAutomateSql = `
select distinct a.id
  from application a
  join policy p on p.id = a.policy_id
  join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision
  join lateral (select id from release where application_id = a.id order by number desc limit 1) newest on true
  cross join lateral jsonb_array_elements(v.steps) step
  join environment e on e.name = step->>'environment'
 where step->>'trigger' = 'AUTOMATIC'
   and not exists (select from promotion o
                    where o.application_id = a.id and o.environment_id = e.id and o.release_id = newest.id)`;
