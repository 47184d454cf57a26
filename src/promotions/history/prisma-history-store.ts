// History in Postgres: what happened in the window, and of the time before it only what the window begins with.
import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.ts';
import type {
  FigureWindow,
  HistoricCommit,
  HistoricPromotion,
  HistoricWait,
  History,
} from './domain/delivery-figures.ts';
import type { PromotionState } from '../domain/promotion.ts';
import { HistoryStore, type EndedPromotion, type FigureScope } from './history-store.ts';

@Injectable()
export class PrismaHistoryStore extends HistoryStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async running(): Promise<Map<PromotionState, number>> {
    const rows = await this.database.sql<{ state: PromotionState; count: number }>(
      `select state::text state, count(*)::int count from promotion
        where state in ('ROLLING', 'PAUSED', 'VERIFYING') group by state`,
    );
    return new Map(rows.map(({ state, count }) => [state, count]));
  }

  override async pending(limit: number): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(
      `select id from promotion where state = 'PENDING' order by id limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  override ended(ids: readonly bigint[]): Promise<EndedPromotion[]> {
    return this.database.sql<EndedPromotion>(
      `select p.id, p.state::text state, p.intent::text intent,
              (extract(epoch from p.finished_at - r.committed_at) * 1000)::float8 "leadTimeMs"
         from promotion p join release r on r.id = p.release_id
        where p.id = any($1::bigint[]) and p.finished_at is not null`,
      [ids],
    );
  }

  override async unknown({ application, environment }: FigureScope): Promise<(keyof FigureScope)[]> {
    const rows = await this.database.sql<{ name: keyof FigureScope }>(
      `select 'application' "name" where $1::text is not null and not exists (select from application where name = $1)
       union all
       select 'environment' where $2::text is not null and not exists (select from environment where name = $2)`,
      [application ?? null, environment ?? null],
    );
    return rows.map(({ name }) => name);
  }

  override history({ application, environment }: FigureScope, { from, to }: FigureWindow): Promise<History> {
    const values = [application ?? null, environment ?? null, from, to];
    return this.database.transaction(async ({ sql }) => {
      await sql('set transaction isolation level repeatable read, read only');
      const promotions = await sql<HistoricPromotion>(promotionsSql, values);
      const commits = await sql<HistoricCommit>(commitsSql, values);
      const [{ waits, overrides } = { waits: [], overrides: 0 }] = await sql<WaitsRow>(waitsSql, values);
      return { promotions, commits, waits, overrides };
    });
  }
}

interface WaitsRow {
  readonly waits: readonly HistoricWait[];
  readonly overrides: number;
}

/** Slots of application $1 and environment $2, with what they had reached at $3; $4 ends the window. */
const slotsSql = `with scoped as (
  select a.id application_id, e.id environment_id, a.name application, e.name environment
    from slot s join application a on a.id = s.application_id join environment e on e.id = s.environment_id
   where ($1::text is null or a.name = $1) and ($2::text is null or e.name = $2)
), slots as (
  select c.*, before.last_success, coalesce(before.reached, 0) reached
    from scoped c
    left join lateral (
      select max(p.finished_at) last_success, max(r.number) filter (where p.intent <> 'ROLLBACK') reached
        from promotion p join release r on r.id = p.release_id
       where p.application_id = c.application_id and p.environment_id = c.environment_id
         and p.state = 'SUCCEEDED' and p.finished_at < $3::timestamptz
    ) before on true
)`;

/** From the last success before the window on: whether the window begins with an open failure follows from them. */
const promotionsSql = `${slotsSql}
select c.application || '/' || c.environment slot, c.application, r.number release, p.intent::text intent, p.state::text state,
       p.created_at "createdAt", p.started_at "startedAt", p.finished_at "finishedAt", q.revoked_at "revokedAt",
       c.reached "reachedBefore",
       (select min(b.created_at) from promotion b where b.rollback_of_id = p.id) "rolledBackAt"
  from slots c
  join promotion p on p.application_id = c.application_id and p.environment_id = c.environment_id
  join release r on r.id = p.release_id
  left join qualification q on q.release_id = p.release_id and q.environment_id = p.environment_id
                           and q.promotion_id = p.id and q.revoked_at is not null
 where p.created_at < $4::timestamptz
   and ((p.started_at >= $3 and p.started_at < $4)
     or (p.finished_at >= coalesce(c.last_success, '-infinity'::timestamptz) and p.finished_at < $4))
 order by p.id`;

/** Commits of the releases that were deployed in the window, and of those that they passed over. */
const commitsSql = `${slotsSql}, deployed as (
  select c.application_id, c.application, min(c.reached) reached, max(r.number) newest
    from slots c
    join promotion p on p.application_id = c.application_id and p.environment_id = c.environment_id
    join release r on r.id = p.release_id
   where p.state = 'SUCCEEDED' and p.intent <> 'ROLLBACK' and p.finished_at >= $3 and p.finished_at < $4::timestamptz
   group by c.application_id, c.application
)
select d.application, r.number release, k.committed_at "committedAt"
  from deployed d
  join release r on r.application_id = d.application_id and r.number > d.reached and r.number <= d.newest
  join release_commit k on k.release_id = r.id`;

/** How long gates held up what started in the window, and how many were passed over in it. */
const waitsSql = `${slotsSql}
select coalesce((
         select json_agg(json_build_object('gate', g.gate, 'waitedMs', g.waited_ms))
           from slots c
           join promotion p on p.application_id = c.application_id and p.environment_id = c.environment_id
           join gate_result g on g.promotion_id = p.id
          where g.waited_ms > 0 and p.started_at >= $3 and p.started_at < $4::timestamptz), '[]') waits,
       (select count(*)::int
          from slots c
          join promotion p on p.application_id = c.application_id and p.environment_id = c.environment_id
          join gate_override o on o.promotion_id = p.id
         where o.at >= $3 and o.at < $4) overrides`;
