// The statements that move the targets of a promotion, however many there are.
//
// A promotion is newer than what the planner knows of the table: it takes thousands of targets for one, and joins them
// by comparing each with each where it may. So rows are found by their place (whoever writes targets holds the slot's
// lock, so that none moves meanwhile), or one by one by their key.

/**
 * A target's state from what its instance, its cluster and the clock say, first match wins:
 * gone → REMOVED; not begun → PENDING, but SKIPPED where no bundle is there for it by its deadline; evidence that it is
 * synced and healthy → READY, and BAKED once that has lasted;
 * DEGRADED, or refused after it was READY, for longer than the grace → FAILED, and refused from the beginning for longer
 * than $9 → FAILED; not heard → OFFLINE (FAILED where the rule says
 * so); ill for less than the grace after it was READY → as it was; past its deadline → TIMED_OUT; else APPLYING once its
 * agent speaks of this generation, ASSIGNED before. Terminal states stay, but for a rollback's: whoever comes round
 * after all ends its pause. Evidence is a status for the generation and the bundle that this promotion assigned; any
 * other is telemetry. A baking cluster must be heard. A new deadline is for whoever begins anew: back from OFFLINE, ill
 * beyond the grace, or READY until its evidence went, with a rebuilt cluster or new settings.
 * $1 promotion, $2 grace ms, $3 offline after ms, $4 progress deadline ms, $5 whether the clock counts: while the hub was
 * away it heard nobody, and no time may be held against a cluster, $6 offline rule, $7 paused, $8 rollback, $9 patience with refusals ms.
 */
export const judgeTargetsSql = `
with seen as (
  select t.ctid as place, t.cluster_id, t.state as was, t.deadline_at, t.healthy_since, t.unwell_since, i.generation,
         coalesce((w.rule->>'bakeMs')::bigint, 0) * interval '1 ms' as bake,
         i.id is null or i.tombstone is not null or c.id is null or c.revoked_at is not null
           or (t.state not in ('PENDING', 'SKIPPED') and i.promotion_id is distinct from t.promotion_id) as gone,
         $5::boolean and coalesce(r.last_seen_at < now() - $3 * interval '1 ms', true) as offline,
         s.generation is not distinct from i.generation and s.bundle_digest is not distinct from i.bundle_digest
           and i.bundle_digest is not distinct from t.bundle_digest as evidence,
         t.bundle_digest is null as unrendered, t.message as said,
         t.state = 'PENDING' and t.bundle_digest is null and $5 and not $7::boolean and t.deadline_at < now() as too_late,
         s.sync, s.health, s.message, s.changed_at
    from promotion_target t
    join promotion_wave w on w.id = t.wave_id
    left join cluster c on c.id = t.cluster_id
    left join instance i on i.id = t.instance_id
    left join instance_status s on s.instance_id = i.id
    left join cluster_rollup r on r.cluster_id = t.cluster_id
   where t.promotion_id = $1 and t.state <> 'REMOVED' and ($8 or t.state not in ('FAILED', 'TIMED_OUT'))
), felt as (
  select *, evidence and sync = 'SYNCED' and health = 'HEALTHY' as well, was in ('READY', 'BAKED') as stood from seen
), ill as (
  select *,
         case when well then null
              when evidence and (stood or sync = 'FAILED') then coalesce(unwell_since, changed_at)
              when stood then coalesce(unwell_since, now())
              else unwell_since end as unwell,
         now() - $2 * interval '1 ms' as patience,
         now() - (case when stood then $2 else $9 end) * interval '1 ms' as refused
    from felt
), begun as (
  select *,
         case when not well then healthy_since
              when unwell_since is not null and changed_at > unwell_since + $2 * interval '1 ms' then changed_at
              else coalesce(healthy_since, now()) end as healthy,
         was = 'OFFLINE' or (stood and (not evidence or unwell <= patience)) as anew
    from ill
), judged as (
  select place, was, generation, anew, unwell, healthy, evidence,
         case when gone then 'REMOVED'
              when too_late then 'SKIPPED'
              when was in ('PENDING', 'SKIPPED') then was::text
              when well and not (offline and bake > interval '0' and was <> 'BAKED')
                then case when was = 'BAKED' and healthy = healthy_since then 'BAKED'
                          when $5 and bake > interval '0' and healthy <= now() - bake then 'BAKED'
                          else 'READY' end
              when was in ('FAILED', 'TIMED_OUT') then was::text
              when $5 and evidence and sync = 'FAILED' and unwell <= refused then 'FAILED'
              when $5 and evidence and health = 'DEGRADED' and (changed_at <= patience or (stood and unwell <= patience)) then 'FAILED'
              when offline then case when $6 = 'FAIL' then 'FAILED' else 'OFFLINE' end
              when stood and evidence and unwell > patience then was::text
              when $5 and not $7::boolean and not anew and deadline_at < now() then 'TIMED_OUT'
              when evidence then 'APPLYING'
              else 'ASSIGNED' end::"TargetState" as state,
         case when too_late then 'No bundle could be rendered for it in time. ' || said
              when unrendered then null
              when evidence then coalesce(message, '')
              when offline and $6 = 'FAIL' then 'its agent is offline'
              else '' end as message
    from begun
), moved as (
  select *, case when state in ('READY', 'BAKED') then healthy end as since from judged
)
update promotion_target t
   set state = m.state,
       message = coalesce(m.message, t.message),
       generation = case when m.state in ('PENDING', 'SKIPPED') then t.generation else coalesce(m.generation, t.generation) end,
       deadline_at = case when m.anew and m.state in ('ASSIGNED', 'APPLYING') then now() + $4 * interval '1 ms' else t.deadline_at end,
       healthy_since = m.since,
       unwell_since = m.unwell
  from moved m
 where t.ctid = m.place
   and (t.state, t.message, t.generation, t.healthy_since, t.unwell_since) is distinct from
       (m.state, coalesce(m.message, t.message),
        case when m.state in ('PENDING', 'SKIPPED') then t.generation else coalesce(m.generation, t.generation) end, m.since, m.unwell)`;

/** The waves with their targets counted, in order. $1 promotion. */
export const waveFactsSql = `
select w.id, w.position, w.rule, w.state, coalesce(n.tally, '{}') tally, coalesce(n.unwell, 0)::int unwell,
       coalesce(n.unrendered, 0)::int unrendered
  from promotion_wave w
  left join (select wave_id, json_object_agg(state, count) tally, sum(unwell) unwell, sum(unrendered) unrendered
               from (select wave_id, state, count(*)::int count,
                            count(*) filter (where unwell_since is not null and state not in ('FAILED', 'TIMED_OUT', 'OFFLINE', 'REMOVED')) unwell,
                            count(*) filter (where state = 'PENDING' and bundle_digest is null) unrendered
                       from promotion_target where promotion_id = $1 group by wave_id, state) by_state
              group by wave_id) n on n.wave_id = w.id
 where w.promotion_id = $1
 order by w.position`;

/**
 * The clusters of a wave that begin now, with what they are given: all that are silent, for they learn of it when they
 * return, and of the others the first in order. $1 wave, $2 limit, $3 offline after ms, $4 whether the clock counts.
 */
export const nextTargetsSql = `
select "clusterId", "bundleDigest"
  from (select t.cluster_id "clusterId", t.bundle_digest "bundleDigest", silent.yes silent,
               row_number() over (partition by silent.yes order by t.cluster_id) place
          from promotion_target t
          left join cluster_rollup r on r.cluster_id = t.cluster_id
         cross join lateral (select $4::boolean and coalesce(r.last_seen_at < now() - $3 * interval '1 ms', true) yes) silent
         where t.wave_id = $1 and t.state = 'PENDING' and t.bundle_digest is not null) queue
 where silent or $2::int is null or place <= $2
 order by "clusterId"`;

/** Assigned: each has its own deadline from now. $1 promotion, $2 progress deadline ms, $3 clusters, $4 instances, $5 generations. */
export const beginTargetsSql = `
update promotion_target t
   set state = 'ASSIGNED', instance_id = a.instance_id, generation = a.generation, assigned_at = now(),
       deadline_at = now() + $2 * interval '1 ms'
  from unnest($3::bigint[], $4::bigint[], $5::bigint[]) as a(cluster_id, instance_id, generation)
 cross join lateral (select ctid from promotion_target where promotion_id = $1 and cluster_id = a.cluster_id offset 0) found
 where t.ctid = found.ctid`;

/**
 * The nearest moment at which the clock alone changes what a target is: a deadline, the end of a grace or of a bake, the
 * moment from which silence counts. Only moments to come; what has come was judged in this very transaction.
 * $1 promotion, $2 grace ms, $3 offline after ms, $4 paused, $5 another such moment or null, $6 a moment before which no
 * clock counts, or null, $7 patience with refusals ms.
 */
export const noteDueSql = `
with moments as (
  select unnest(array[
           case when t.state in ('PENDING', 'ASSIGNED', 'APPLYING') and not $4::boolean then t.deadline_at end,
           t.unwell_since + $2 * interval '1 ms',
           case when t.state in ('ASSIGNED', 'APPLYING') then t.unwell_since + $7 * interval '1 ms' end,
           case when s.health = 'DEGRADED' and t.state <> 'BAKED' then s.changed_at + $2 * interval '1 ms' end,
           case when t.state = 'READY' and w.rule->>'bakeMs' <> '0' then t.healthy_since + (w.rule->>'bakeMs')::bigint * interval '1 ms' end,
           case when t.state in ('ASSIGNED', 'APPLYING') or (t.state = 'READY' and w.rule->>'bakeMs' <> '0')
                then r.last_seen_at + $3 * interval '1 ms' + interval '1 ms' end]) at
    from promotion_target t
    join promotion_wave w on w.id = t.wave_id
    left join instance_status s on s.instance_id = t.instance_id
    left join cluster_rollup r on r.cluster_id = t.cluster_id
   where t.promotion_id = $1
     and (t.state in ('ASSIGNED', 'APPLYING', 'READY', 'BAKED') or (t.state = 'PENDING' and t.bundle_digest is null))
), nearest as (
  select least(greatest((select min(at) from moments where at > now()), $6::timestamptz), $5::timestamptz, $6::timestamptz) at
)
update promotion p set due_at = n.at from nearest n where p.id = $1 and p.due_at is distinct from n.at`;
