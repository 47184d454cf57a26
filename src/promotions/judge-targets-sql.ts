// The two statements that move the targets of a promotion, however many there are.

/**
 * A target's state from what its instance, its cluster and the clock say, first match wins:
 * gone → REMOVED; evidence for the assigned generation that it is synced and healthy → READY; refused, or degraded
 * beyond the grace → FAILED; not heard → OFFLINE (left out of the count; back: a new deadline); past its deadline →
 * TIMED_OUT; else APPLYING once its agent speaks of this generation, ASSIGNED before. Terminal states stay, except
 * OFFLINE. A status for another generation, or for an assignment that another promotion made, is no evidence.
 * $1 promotion, $2 degraded grace ms, $3 offline after ms, $4 progress deadline ms.
 */
export const judgeTargetsSql = `
with seen as (
  select t.cluster_id, t.state as was, t.deadline_at, i.id as instance_id, i.generation,
         i.tombstone is not null or i.id is null or c.revoked_at is not null or i.promotion_id is distinct from t.promotion_id as gone,
         coalesce(r.last_seen_at < now() - $3 * interval '1 ms', true) as offline,
         s.generation is not distinct from i.generation and s.bundle_digest is not distinct from i.bundle_digest as evidence,
         s.sync, s.health, s.message, s.changed_at
    from promotion_target t
    join cluster c on c.id = t.cluster_id
    left join instance i on i.id = t.instance_id
    left join instance_status s on s.instance_id = i.id
    left join cluster_rollup r on r.cluster_id = t.cluster_id
   where t.promotion_id = $1 and t.state not in ('FAILED', 'TIMED_OUT', 'SKIPPED', 'REMOVED')
), judged as (
  select cluster_id, was, generation,
         case when gone then 'REMOVED'
              when evidence and sync = 'SYNCED' and health = 'HEALTHY' then 'READY'
              when evidence and sync = 'FAILED' then 'FAILED'
              when evidence and health = 'DEGRADED' and changed_at < now() - $2 * interval '1 ms' then 'FAILED'
              when offline then 'OFFLINE'
              when was <> 'OFFLINE' and deadline_at < now() then 'TIMED_OUT'
              when evidence then 'APPLYING'
              else 'ASSIGNED' end::"TargetState" as state,
         case when evidence then coalesce(message, '') else '' end as message
    from seen
)
update promotion_target t
   set state = j.state,
       message = j.message,
       generation = coalesce(j.generation, t.generation),
       deadline_at = case when j.was = 'OFFLINE' and j.state <> 'OFFLINE' then now() + $4 * interval '1 ms' else t.deadline_at end,
       healthy_since = case when j.state = 'READY' then coalesce(t.healthy_since, now()) end
  from judged j
 where t.promotion_id = $1 and t.cluster_id = j.cluster_id
   and (t.state, t.message, t.generation) is distinct from (j.state, j.message, coalesce(j.generation, t.generation))`;

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
