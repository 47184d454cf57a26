// The statements that lock slots, tell what there is to do in one, and find what only the clock moves or no notice moved.

import { promotionColumns } from './promotion-read-sql.ts';

/** $1 application, $2 environment: the slot's row, locked until the transaction ends; none where it has no row yet. */
export const lockSlotSql = `
select id, application_id "applicationId", environment_id "environmentId", current_release_id "currentReleaseId",
       current_promotion_id "currentPromotionId", verified_release_id "verifiedReleaseId"
  from slot where application_id = $1 and environment_id = $2 for update`;

/**
 * Targets `t` of the running promotion `p` that a bundle is still wanted for; while it is paused also those for which it
 * could not be rendered, since it may have no others.
 */
const unrendered = `t.bundle_digest is null and (t.state = 'PENDING' or (t.state = 'SKIPPED' and p.state = 'PAUSED'))`;

/** $1 application, $2 environment: one row, a `SlotWork`. */
export const slotWorkSql = `
select exists (select from application a
                 join environment e on e.id = key.environment_id
                 join policy_revision v on v.policy_id = a.policy_id and e.name = any(v.environments)
                 join policy p on p.id = v.policy_id and p.current_revision = v.revision
                where a.id = key.application_id) "isPlanned",
       exists (select from instance i
                 left join slot s on s.application_id = i.application_id and s.environment_id = i.environment_id
                where i.application_id = key.application_id and i.environment_id = key.environment_id
                  and i.release_id is null and i.tombstone is null
                  and not exists (select from promotion_target t
                                   where t.promotion_id = s.current_promotion_id and t.instance_id = i.id
                                     and t.state in ('PENDING', 'SKIPPED')))
         or exists (select from slot s join promotion p on p.id = s.current_promotion_id
                      join promotion_target t on t.promotion_id = p.id
                     where s.application_id = key.application_id and s.environment_id = key.environment_id
                       and ${unrendered}) "hasJoined",
       open.running "isRunning", open.pending "isPending"
  from (values ($1::bigint, $2::bigint)) key(application_id, environment_id)
 cross join lateral (
       select coalesce(bool_or(state <> 'PENDING'), false) running, coalesce(bool_or(state = 'PENDING'), false) pending
         from promotion p
        where p.application_id = key.application_id and p.environment_id = key.environment_id
          and p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')) open`;

/**
 * Clusters that joined, with the wave of those that a rollout has a target without a bundle for.
 * $1 application, $2 environment, $3 the slot's current promotion.
 */
export const unassignedSql = `
select c.id, c.labels, null::bigint "waveId" from instance i join cluster c on c.id = i.cluster_id
 where i.application_id = $1 and i.environment_id = $2 and i.release_id is null and i.tombstone is null
   and not exists (select from promotion_target t
                    where t.promotion_id = $3 and t.instance_id = i.id and t.state in ('PENDING', 'SKIPPED'))
 union all
select c.id, c.labels, t.wave_id
  from promotion_target t
  join instance i on i.id = t.instance_id and i.tombstone is null
  join cluster c on c.id = t.cluster_id
  join promotion p on p.id = t.promotion_id
 where t.promotion_id = $3 and ${unrendered}
 order by id`;

/**
 * Slots with an open promotion whose moment has come. A claim moves the moment on, so that no other replica takes it
 * meanwhile, and so that it comes again where this one dies.
 * $1 lease ms, $2 limit.
 */
export const claimDueSql = `
with due as (
  select id from promotion
   where state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING') and due_at <= now()
   order by due_at, id limit $2 for update skip locked
)
update promotion p set due_at = now() + $1 * interval '1 ms' from due where p.id = due.id
returning p.application_id "applicationId", p.environment_id "environmentId"`;

/**
 * Slots that no moment of a promotion leads to: a pending one that waits for an event, which may have been lost; an open
 * one whose application or environment is gone; a cluster that was given nothing although the slot has a release, and
 * which no rollout has planned for; a target that has no bundle yet.
 */
export const slotsThatWaitSql = `
select p.application_id "applicationId", p.environment_id "environmentId"
  from promotion p
 where p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')
   and ((p.due_at is null and p.state <> 'PAUSED')
     or not (exists (select from application where id = p.application_id)
             and exists (select from environment where id = p.environment_id)))
 union
select i.application_id, i.environment_id
  from instance i
  join slot s on s.application_id = i.application_id and s.environment_id = i.environment_id
 where i.release_id is null and i.tombstone is null and s.current_release_id is not null
   and not exists (select from promotion_target t
                    where t.promotion_id = s.current_promotion_id and t.instance_id = i.id and t.state in ('PENDING', 'SKIPPED'))
 union
select s.application_id, s.environment_id
  from promotion_target t
  join promotion p on p.id = t.promotion_id
  join slot s on s.current_promotion_id = p.id
 where ${unrendered}`;

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

/**
 * PENDING; no row where its idempotency key was used in the slot before. $1 application, $2 environment, $3 release,
 * $4 intent, $5 who, $6 reason, $7 policy revision's id, $8 its number, $9 step, $10 idempotency key, $11 retry of, $12 rollback of.
 */
export const createPromotionSql = `
insert into promotion as p (application_id, environment_id, release_id, intent, requested_by, reason, policy_revision_id,
                            policy_revision, step, idempotency_key, retry_of_id, rollback_of_id, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, 'PENDING')
on conflict do nothing returning ${promotionColumns}`;

/**
 * One row where nobody else was faster. $1 promotion, $2 the state and $3 the version that it was read in, $4 state,
 * $5 version, $6 release before it, $7 superseded by, $8 outcome, $9 started, $10 finished, $11 pause reasons.
 */
export const savePromotionSql = `
update promotion
   set state = $4, version = $5, previous_release_id = $6, superseded_by_id = $7, outcome = $8, started_at = $9::timestamptz,
       finished_at = $10::timestamptz, pause_reasons = $11::jsonb, due_at = case when $10::timestamptz is null then due_at end
 where id = $1 and state = $2 and version = $3
returning id`;
