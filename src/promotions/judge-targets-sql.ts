// The statement that moves the targets of a promotion, however many there are.

/**
 * A target's state from what its instance, its cluster and the clock say, first match wins:
 * gone → REMOVED; evidence for the assigned generation that it is synced and healthy → READY; refused, or degraded
 * beyond the grace → FAILED; not heard → OFFLINE (left out of the count); past its deadline → TIMED_OUT; else APPLYING
 * once its agent speaks of this generation, ASSIGNED before. Terminal states stay, except OFFLINE. A status for another
 * generation, or for an assignment that another promotion made, is no evidence. A new deadline is for whoever begins
 * anew: back from OFFLINE, or READY until its evidence went, with a rebuilt cluster or new settings.
 * $1 promotion, $2 degraded grace ms, $3 offline after ms, $4 progress deadline ms, $5 whether the
 * clock counts: while the hub was away it heard nobody, and no time may be held against a cluster.
 */
export const judgeTargetsSql = `
with seen as (
  select t.cluster_id, t.state as was, t.deadline_at, i.id as instance_id, i.generation,
         i.tombstone is not null or i.id is null or c.id is null or c.revoked_at is not null or i.promotion_id is distinct from t.promotion_id as gone,
         $5::boolean and coalesce(r.last_seen_at < now() - $3 * interval '1 ms', true) as offline,
         s.generation is not distinct from i.generation and s.bundle_digest is not distinct from i.bundle_digest as evidence,
         s.sync, s.health, s.message, s.changed_at
    from promotion_target t
    left join cluster c on c.id = t.cluster_id
    left join instance i on i.id = t.instance_id
    left join instance_status s on s.instance_id = i.id
    left join cluster_rollup r on r.cluster_id = t.cluster_id
   where t.promotion_id = $1 and t.state not in ('FAILED', 'TIMED_OUT', 'SKIPPED', 'REMOVED')
), begun as (
  select *, was = 'OFFLINE' or (was = 'READY' and not evidence) as anew from seen
), judged as (
  select cluster_id, was, generation, anew,
         case when gone then 'REMOVED'
              when evidence and sync = 'SYNCED' and health = 'HEALTHY' then 'READY'
              when evidence and sync = 'FAILED' then 'FAILED'
              when $5 and evidence and health = 'DEGRADED' and changed_at < now() - $2 * interval '1 ms' then 'FAILED'
              when offline then 'OFFLINE'
              when $5 and not anew and deadline_at < now() then 'TIMED_OUT'
              when evidence then 'APPLYING'
              else 'ASSIGNED' end::"TargetState" as state,
         case when evidence then coalesce(message, '') else '' end as message
    from begun
)
update promotion_target t
   set state = j.state,
       message = j.message,
       generation = coalesce(j.generation, t.generation),
       deadline_at = case when j.anew and j.state in ('ASSIGNED', 'APPLYING') then now() + $4 * interval '1 ms' else t.deadline_at end,
       healthy_since = case when j.state = 'READY' then coalesce(t.healthy_since, now()) end
  from judged j
 where t.promotion_id = $1 and t.cluster_id = j.cluster_id
   and (t.state, t.message, t.generation) is distinct from (j.state, j.message, coalesce(j.generation, t.generation))`;
