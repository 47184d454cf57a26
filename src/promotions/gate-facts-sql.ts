// The longer statements behind the gates.

/** Names, slot, holder and authors of many promotions. What is deleted keeps the names that events remember. $1 promotions. */
export const standingsSql = `
select p.id "promotionId", clock_timestamp() "readAt",
       coalesce(a.name, said.application, 'a deleted application') application,
       coalesce(e.name, said.environment, 'a deleted environment') environment,
       coalesce(r.number, (said.data->>'release')::int, 0) release,
       (select count(*)::int from instance i
         where i.application_id = p.application_id and i.environment_id = p.environment_id and i.tombstone is null) clusters,
       coalesce(rollup.drifted, 0) drifted,
       s.hold_reason "holdReason", s.hold_by "holdBy", s.hold_at "holdAt", s.hold_until "holdUntil",
       s.hold_release_id "holdReleaseId",
       held.number "holderRelease", coalesce(holder.started_at, holder.created_at) "holderSince",
       coalesce((select array_agg(distinct lower(w.email)) from (
         select x.author_email email from release x
          where x.application_id = p.application_id and x.number <= r.number and x.number > coalesce(c.number, r.number - 1)
         union select r.author_email
         union select m.author_email from release x join release_commit m on m.release_id = x.id
          where x.application_id = p.application_id and x.number <= r.number and x.number > coalesce(c.number, r.number - 1)
       ) w where w.email is not null), '{}') authors
  from promotion p
  left join application a on a.id = p.application_id
  left join environment e on e.id = p.environment_id
  left join release r on r.id = p.release_id
  left join slot s on s.application_id = p.application_id and s.environment_id = p.environment_id
  left join release c on c.id = s.current_release_id
  left join slot_rollup rollup on rollup.application_id = p.application_id and rollup.environment_id = p.environment_id
  left join promotion holder on holder.application_id = p.application_id and holder.environment_id = p.environment_id
                            and holder.state in ('ROLLING', 'PAUSED', 'VERIFYING') and holder.id <> p.id
  left join release held on held.id = holder.release_id
  left join lateral (select application, environment, data from event where promotion_id = p.id order by id limit 1) said
    on a.id is null or e.id is null or r.id is null
 where p.id = any($1::bigint[])`;

/** How releases stand in environments. $1 promotions, $2 their releases, $3 environments: one row each. */
export const upstreamSql = `
select w.promotion_id "promotionId", w.environment, e.id is not null "exists",
       coalesce(q.state = 'VERIFIED', false) verified, q.verified_at "verifiedAt", q.healthy_since "healthySince",
       q.interrupted_at "interruptedAt",
       case when q.state = 'REVOKED' then coalesce(q.revoked_at, q.verified_at) end "revokedAt", q.revoked_reason "revokedReason"
  from unnest($1::bigint[], $2::bigint[], $3::text[]) with ordinality w(promotion_id, release_id, environment, place)
  left join environment e on e.name = w.environment
  left join qualification q on q.release_id = w.release_id and q.environment_id = e.id
 order by w.place`;

/** What was verified last in other slots, where that still holds. $1 applications, $2 environments. */
export const dependenciesSql = `
select w.application, w.environment, a.id is not null and e.id is not null "exists", r.number "verifiedRelease"
  from unnest($1::text[], $2::text[]) w(application, environment)
  left join application a on a.name = w.application
  left join environment e on e.name = w.environment
  left join slot s on s.application_id = a.id and s.environment_id = e.id
  left join qualification q on q.release_id = s.verified_release_id and q.environment_id = e.id and q.state = 'VERIFIED'
  left join release r on r.id = q.release_id`;

/** $1 promotion, $2 the wave's name. */
export const waveStandingSql = `
select w.state, coalesce((select max(b.finished_at) from promotion_wave b
                           where b.promotion_id = w.promotion_id and b.position < w.position),
                         p.started_at, p.created_at) since
  from promotion_wave w join promotion p on p.id = w.promotion_id
 where w.promotion_id = $1 and w.name = $2`;

/**
 * What gates say now. Time spent in a verdict that did not pass is added up when it ends; what is not asked any more (a
 * slot that is free) is no longer in the way. $1 promotion, $2 gates, $3 verdicts, $4 messages, $5 since.
 */
export const recordSql = `
with gone as (
  update gate_result
     set waited_ms = waited_ms + greatest(0, extract(epoch from clock_timestamp() - since) * 1000)::bigint,
         verdict = 'PASSED', message = 'No longer in the way.', since = clock_timestamp()
   where promotion_id = $1 and gate <> all($2::text[]) and verdict not in ('PASSED', 'OVERRIDDEN')
)
insert into gate_result as g (promotion_id, gate, verdict, message, since)
select $1, w.gate, w.verdict, w.message, w.since
  from unnest($2::text[], $3::"GateVerdict"[], $4::text[], $5::timestamptz[]) w(gate, verdict, message, since)
on conflict (promotion_id, gate) do update
   set waited_ms = g.waited_ms + case
         when g.verdict in ('PASSED', 'OVERRIDDEN') or g.verdict = excluded.verdict then 0
         else greatest(0, extract(epoch from clock_timestamp() - g.since) * 1000)::bigint end,
       verdict = excluded.verdict, message = excluded.message, since = excluded.since
 where (g.verdict, g.message) is distinct from (excluded.verdict, excluded.message)`;
