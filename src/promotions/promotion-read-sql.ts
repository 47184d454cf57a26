// The statements of the read side that are longer than a line or two.

/** A promotion's columns under the names of the domain. */
export const promotionColumns = `p.id, p.application_id "applicationId", p.environment_id "environmentId",
  p.release_id "releaseId", p.previous_release_id "previousReleaseId", p.intent, p.state, p.version,
  p.requested_by "requestedBy", p.reason, p.policy_revision_id "policyRevisionId", p.policy_revision "policyRevision", p.step,
  p.retry_of_id "retryOfId", p.pause_reasons "pauseReasons", p.due_at "dueAt", p.rollback_of_id "rollbackOfId", p.superseded_by_id "supersededById", p.outcome,
  p.created_at "createdAt", p.started_at "startedAt", p.finished_at "finishedAt"`;

/** A slot's columns under the names of the domain. */
export const slotColumns = `s.id, s.application_id "applicationId", s.environment_id "environmentId",
  s.current_release_id "currentReleaseId", s.current_promotion_id "currentPromotionId",
  s.verified_release_id "verifiedReleaseId"`;

/** Only where application and environment are there: what was deleted lives on in the activity. */
export const livingSlot = (
  alias: string,
) => `exists (select from application where id = ${alias}.application_id)
  and exists (select from environment where id = ${alias}.environment_id)`;

/** Waves with the count of their targets by state. $1 promotions. */
export const wavesSql = `
select w.id, w.promotion_id "promotionId", w.name, w.state, w.started_at "startedAt", w.finished_at "finishedAt",
       coalesce((select json_object_agg(t.state, t.count)
                   from (select state, count(*)::int count from promotion_target where wave_id = w.id group by state) t),
                '{}') tally
  from promotion_wave w where w.promotion_id = any($1::bigint[]) order by w.promotion_id, w.position`;

/**
 * Open targets of the waves that have begun, by what they wait for, with three examples each: thousands of targets answer
 * with four rows. $1 promotion.
 */
export const openTargetsSql = `
with open as (
  select c.name cluster, t.message,
         case when t.state = 'READY' and t.unwell_since is null then t.healthy_since
              else coalesce(t.unwell_since, s.changed_at, t.assigned_at, w.started_at) end since,
         case when t.state <> 'READY' then t.deadline_at
              when t.unwell_since is null then t.healthy_since + (w.rule->>'bakeMs')::bigint * interval '1 ms' end ends_at,
         case when t.state = 'OFFLINE' then 'OFFLINE'
              when t.unwell_since is not null and t.state in ('READY', 'BAKED') then 'HEALTH'
              when t.state = 'READY' then 'BAKE'
              when s.generation = i.generation and s.sync = 'SYNCED' then 'HEALTH'
              else 'APPLY' end reason
    from promotion_target t
    join promotion_wave w on w.id = t.wave_id
    join cluster c on c.id = t.cluster_id
    left join instance i on i.id = t.instance_id
    left join instance_status s on s.instance_id = t.instance_id
   where t.promotion_id = $1 and w.state in ('IN_PROGRESS', 'BAKING', 'PASSED')
     and (t.state in ('PENDING', 'ASSIGNED', 'APPLYING', 'OFFLINE')
       or (t.state = 'READY' and w.state = 'BAKING') or (t.state in ('READY', 'BAKED') and t.unwell_since is not null))
)
select reason, count(*)::int count, min(since) since,
       case when reason = 'BAKE' then max(ends_at) else min(ends_at) end "deadlineAt",
       to_json((array_agg(json_build_object('cluster', cluster, 'message', message) order by cluster))[1:3]) examples
  from open group by reason order by reason`;

/** What `explainSlot` needs of many slots besides their promotions. $1 applications, $2 environments. */
export const slotFactsSql = `
select a.id "applicationId", e.id "environmentId", a.name application, e.name environment, a.created_at "applicationSince",
       a.source_error "sourceError", a.source_error_at "sourceErrorAt",
       v.steps, current.number "currentRelease", latest.number "latestRelease", latest.created_at "latestSince",
       last.state "lastState", last.outcome "lastOutcome", last.finished_at "lastAt"
  from unnest($1::bigint[], $2::bigint[]) key(application_id, environment_id)
  join application a on a.id = key.application_id
  join environment e on e.id = key.environment_id
  join policy p on p.id = a.policy_id
  join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision
  left join slot s on s.application_id = a.id and s.environment_id = e.id
  left join release current on current.id = s.current_release_id
  left join lateral (select id, number, created_at from release where application_id = a.id order by number desc limit 1) latest on true
  left join lateral (select state, outcome, finished_at from promotion
                      where application_id = a.id and environment_id = e.id and release_id = latest.id
                      order by id desc limit 1) last on last.state in ('SUCCEEDED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED')`;

/** Every member that is given must match; $1 application, $2 environment, $3 release number, $4 states. */
export const promotionFilterSql = `
  ($1::text is null or p.application_id = (select id from application where name = $1))
  and ($2::text is null or p.environment_id = (select id from environment where name = $2))
  and ($3::int is null or p.release_id in (select id from release where number = $3))
  and ($4::"PromotionState"[] is null or p.state = any($4::"PromotionState"[]))`;

/** A slot by its names; one that has no row yet is an empty one with the id 0. $1 application, $2 environment. */
export const slotByNamesSql = `
select coalesce(s.id, 0) id, a.id "applicationId", e.id "environmentId", s.current_release_id "currentReleaseId",
       s.current_promotion_id "currentPromotionId", s.verified_release_id "verifiedReleaseId"
  from application a
  join environment e on e.name = $2
  left join slot s on s.application_id = a.id and s.environment_id = e.id
 where a.name = $1`;
