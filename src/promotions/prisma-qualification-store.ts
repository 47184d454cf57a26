// Qualifications in Postgres: set-based, guarded, and cheap while everything is well.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { AUTOMATION } from './domain/promotion.ts';
import { QualificationStore, type ChangedQualification } from './qualification-store.ts';

@Injectable()
export class PrismaQualificationStore extends QualificationStore {
  override async noteHealth(tx: Transaction, graceMs: number): Promise<void> {
    await tx.sql(noteHealthSql, [graceMs]);
  }

  override revokeIll(tx: Transaction, graceMs: number): Promise<ChangedQualification[]> {
    return tx.sql<ChangedQualification>(revokeSql, [graceMs, AUTOMATION]);
  }

  override restoreWell(tx: Transaction, graceMs: number): Promise<ChangedQualification[]> {
    return tx.sql<ChangedQualification>(restoreSql, [graceMs, AUTOMATION]);
  }
}

/**
 * A qualification's release runs where its slot says so and nothing moves there. Ill: at least one instance that has this
 * release reports DEGRADED or MISSING; the roll-up is asked first, so that a healthy fleet costs one small read per slot.
 * What is ill tells since when itself, so a late look loses no time.
 */
const runningSql = `
select q.release_id, q.environment_id, q.state, q.interrupted_at, q.healthy_since, q.revoked_by,
       ill.since ill_since, well.since well_since
  from qualification q
  join slot s on s.environment_id = q.environment_id and s.current_release_id = q.release_id and s.current_promotion_id is null
  join slot_rollup r on r.application_id = s.application_id and r.environment_id = s.environment_id
  left join lateral (
    select min(i.changed_at) since
      from instance_status i join instance n on n.id = i.instance_id
     where r.degraded + r.missing > 0 and i.application_id = s.application_id and i.environment_id = s.environment_id
       and n.tombstone is null and n.release_id = q.release_id and i.generation = n.generation and i.health in ('DEGRADED', 'MISSING')
  ) ill on true
  left join lateral (
    select max(i.changed_at) since
      from instance_status i
     where q.interrupted_at is not null and i.application_id = s.application_id and i.environment_id = s.environment_id
  ) well on true`;

const noteHealthSql = `
with running as (${runningSql}), noted as (
  select release_id, environment_id,
         case when ill_since is null then null else coalesce(interrupted_at, ill_since) end as interrupted_at,
         case when ill_since is null and interrupted_at is not null
                   and (state = 'REVOKED' or well_since > interrupted_at + $1 * interval '1 ms')
              then greatest(well_since, interrupted_at) else healthy_since end as healthy_since
    from running
), changed as (
  select n.* from noted n join qualification q using (release_id, environment_id)
   where (q.interrupted_at, q.healthy_since) is distinct from (n.interrupted_at, n.healthy_since)
   order by n.release_id, n.environment_id
)
update qualification q set interrupted_at = c.interrupted_at, healthy_since = c.healthy_since
  from changed c where q.release_id = c.release_id and q.environment_id = c.environment_id`;

const namesSql = `
select c.*, e.name environment, a.name application, a.id application_id, r.number release
  from changed c join environment e on e.id = c.environment_id join release r on r.id = c.release_id
  join application a on a.id = r.application_id`;

const toldSql = `
select promotion_id "promotionId", application_id "applicationId", environment_id "environmentId", application, environment, release, reason
  from (${namesSql}) told order by promotion_id`;

const revokeSql = `
with changed as (
  update qualification q
     set state = 'REVOKED', revoked_at = now(), revoked_by = $2,
         revoked_reason = 'It has been degraded there since ' || to_char(q.interrupted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC.'
   where q.state = 'VERIFIED' and q.interrupted_at <= now() - $1 * interval '1 ms'
     and exists (select from slot s where s.environment_id = q.environment_id and s.current_release_id = q.release_id and s.current_promotion_id is null)
  returning q.promotion_id, q.release_id, q.environment_id, q.revoked_reason reason
) ${toldSql}`;

const restoreSql = `
with changed as (
  update qualification q
     set state = 'VERIFIED', revoked_at = null, revoked_by = null, revoked_reason = null
   where q.state = 'REVOKED' and q.revoked_by = $2 and q.interrupted_at is null and q.healthy_since <= now() - $1 * interval '1 ms'
     and exists (select from slot s where s.environment_id = q.environment_id and s.current_release_id = q.release_id and s.current_promotion_id is null)
  returning q.promotion_id, q.release_id, q.environment_id, 'It is well there again.' reason
) ${toldSql}`;
