// Runs of checks in Postgres. Raw SQL: a handful of guarded statements, each for any number of rows.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { CheckRunStore, type ClaimedRun, type SavedAttempt } from './check-run-store.ts';
import type { CheckedPromotion, CheckRunState, WantedRun } from './checks-port.ts';
import { budgetMs } from './domain/check-run.ts';

@Injectable()
export class PrismaCheckRunStore extends CheckRunStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async create(tx: Transaction, { id }: CheckedPromotion, runs: readonly WantedRun[]) {
    await tx.sql(
      `insert into check_run (promotion_id, gate, rule, cluster_ids, next_at, deadline_at)
       select $1, t.gate, t.rule, array(select jsonb_array_elements_text(t.clusters)::bigint), now(),
              now() + t.budget * interval '1 ms'
         from unnest($2::text[], $3::jsonb[], $4::jsonb[], $5::float8[]) t(gate, rule, clusters, budget)
       on conflict (promotion_id, gate) do nothing`,
      [
        id,
        runs.map(({ gate }) => gate),
        runs.map(({ rule }) => JSON.stringify(rule)),
        runs.map(({ clusterIds = [] }) => JSON.stringify(clusterIds.map(String))),
        runs.map(({ rule }) => budgetMs(rule)),
      ],
    );
  }

  override statesOf(tx: Transaction, promotionIds: readonly bigint[]): Promise<CheckRunState[]> {
    return tx.sql<CheckRunState>(
      `select promotion_id "promotionId", gate, rule->>'kind' kind, state::text state, message,
              coalesce(finished_at, started_at) since, deadline_at "deadlineAt", evidence,
              coalesce(state = 'INCONCLUSIVE' and finished_at >= deadline_at, false) expired
         from check_run where promotion_id = any($1::bigint[]) order by promotion_id, id`,
      [promotionIds],
    );
  }

  override async restart(tx: Transaction, promotionId: bigint): Promise<void> {
    await tx.sql(
      `update check_run
          set state = 'RUNNING', successes = 0, failures = 0, unknowns = 0, message = '', evidence = '{}',
              instruction_ids = '{}', attempts = attempts + 1, started_at = now(), next_at = now(), finished_at = null,
              deadline_at = now() + (deadline_at - started_at)
        where promotion_id = $1 and state = 'INCONCLUSIVE'`,
      [promotionId],
    );
  }

  override async due(limit: number): Promise<bigint[]> {
    const rows = await this.database.sql<{ id: bigint }>(
      `select c.id from check_run c join promotion p on p.id = c.promotion_id
        where c.state = 'RUNNING' and c.next_at <= now() and ${isOpen} order by c.next_at limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  override async claim(id: bigint, leaseMs: number): Promise<ClaimedRun | undefined> {
    const [run] = await this.database.sql<ClaimedRun>(claimSql, [id, leaseMs]);
    return run;
  }

  override async giveBack({ id, attempts }: Pick<ClaimedRun, 'id' | 'attempts'>): Promise<void> {
    await this.database.sql(
      `update check_run set next_at = least(next_at, now() + least(attempts * 2, 60) * interval '1 s')
        where id = $1 and attempts = $2 and state = 'RUNNING'`,
      [id, attempts],
    );
  }

  override async save(
    tx: Transaction,
    { id, attempts }: Pick<ClaimedRun, 'id' | 'attempts'>,
    attempt: SavedAttempt,
  ): Promise<boolean> {
    const { state, successes, failures, unknowns, message, evidence, nextInMs } = attempt;
    const said = JSON.stringify(evidence, (_key, value: unknown) =>
      typeof value === 'string' ? storable(value) : value,
    );
    const rows = await tx.sql(
      `update check_run
          set state = $3::"CheckState", successes = $4, failures = $5, unknowns = $6, message = $7, evidence = $8::jsonb,
              next_at = now() + $9::float8 * interval '1 ms',
              finished_at = case when $3 = 'RUNNING' then null else now() end,
              callback_hash = case when $3 = 'RUNNING' then callback_hash end
        where id = $1 and attempts = $2 and state = 'RUNNING' returning id`,
      [id, attempts, state, successes, failures, unknowns, storable(message), said, nextInMs],
    );
    return rows.length > 0;
  }

  override async noteInstructions(
    tx: Transaction,
    { id, attempts }: Pick<ClaimedRun, 'id' | 'attempts'>,
    clusterIds: readonly bigint[],
    instructionIds: readonly string[],
  ): Promise<boolean> {
    const rows = await tx.sql(
      `update check_run set cluster_ids = $3::bigint[], instruction_ids = $4::text[]
        where id = $1 and attempts = $2 and state = 'RUNNING' and instruction_ids = '{}' returning id`,
      [id, attempts, clusterIds, instructionIds],
    );
    return rows.length > 0;
  }

  override async expectCallback(runId: bigint, hash: Buffer): Promise<void> {
    await this.database.sql(
      `update check_run set callback_hash = $2 where id = $1 and state = 'RUNNING' and callback_hash is distinct from $2`,
      [runId, hash],
    );
  }

  override async awaiting(tx: Transaction, hash: Buffer): Promise<ClaimedRun | undefined> {
    const [run] = await tx.sql<ClaimedRun>(
      `select ${runColumns} from check_run c ${names}
        where c.callback_hash = $1 and c.state = 'RUNNING' and c.deadline_at > now() and ${isOpen} for update of c`,
      [hash],
    );
    return run;
  }

  override async clustersOf(tx: Transaction, { environmentId }: ClaimedRun): Promise<bigint[]> {
    const rows = await tx.sql<{ id: bigint }>(
      'select cluster_id id from environment_member where environment_id = $1 order by cluster_id',
      [environmentId],
    );
    return rows.map(({ id }) => id);
  }

  override async clusterNames(tx: Transaction, ids: readonly bigint[]): Promise<Map<bigint, string>> {
    const rows = await tx.sql<{ id: bigint; name: string }>(
      'select id, name from cluster where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

/** Postgres keeps no NUL in a text; the answers of others may have one. */
function storable(text: string): string {
  return text.replaceAll('\0', '');
}

const isOpen = `p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')`;

const names = `join promotion p on p.id = c.promotion_id join application a on a.id = p.application_id
         join environment e on e.id = p.environment_id join release r on r.id = p.release_id`;

const runColumns = `c.id, c.promotion_id "promotionId", p.application_id "applicationId", p.environment_id "environmentId",
       c.gate, c.rule, c.attempts, c.successes, c.failures, c.unknowns, c.cluster_ids "clusterIds",
       c.instruction_ids "instructionIds", c.deadline_at "deadlineAt",
       ceil(extract(epoch from c.deadline_at - now()) * 1000)::float8 "leftMs",
       a.name application, e.name environment, r.number release, r.commit`;

/** $1 which, $2 for how long it is ours, in milliseconds. */
const claimSql = `with due as (
  select c.id from check_run c join promotion p on p.id = c.promotion_id
   where c.id = $1 and c.state = 'RUNNING' and c.next_at <= now() and ${isOpen} for update of c skip locked
), claimed as (
  update check_run c set attempts = c.attempts + 1, next_at = now() + $2::float8 * interval '1 ms'
    from due where due.id = c.id returning c.*
)
select ${runColumns} from claimed c ${names}`;
