// Policies in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { Policy } from './domain/policy.ts';
import { PolicyStore, type NewRevision } from './policy-store.ts';

const columns = 'p.id, p.name, r.revision, r.steps';
const current = 'policy p join policy_revision r on r.policy_id = p.id and r.revision = p.current_revision';

@Injectable()
export class PrismaPolicyStore extends PolicyStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByName(name: string, revision?: number): Promise<Policy | undefined> {
    const [row] = await this.database.sql<Policy>(
      `select ${columns} from policy p join policy_revision r on r.policy_id = p.id
       where p.name = $1 and r.revision = coalesce($2::int, p.current_revision)`,
      [name, revision ?? null],
    );
    return row;
  }

  override findByIds(ids: readonly bigint[]): Promise<Policy[]> {
    return this.database.sql<Policy>(`select ${columns} from ${current} where p.id = any($1::bigint[])`, [
      ids,
    ]);
  }

  override async page(first: number, after: string | undefined): Promise<Page<Policy>> {
    const rows = await this.database.sql<Policy>(
      `select ${columns} from ${current} where $1::text is null or p.name > $1 order by p.name limit $2`,
      [after ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override withDependencies(tx: Transaction): Promise<Policy[]> {
    return tx.sql<Policy>(
      `select ${columns} from ${current}
        where jsonb_path_exists(r.steps, '$[*].gates[*] ? (@.kind == "dependency")') order by p.name`,
    );
  }

  override async lockOrCreate(tx: Transaction, name: string): Promise<Policy> {
    await tx.sql('insert into policy (name) values ($1) on conflict (name) do nothing', [name]);
    const [row] = await tx.sql<Policy>(
      `select p.id, p.name, p.current_revision revision, coalesce(r.steps, '[]') steps
       from policy p left join policy_revision r on r.policy_id = p.id and r.revision = p.current_revision
       where p.name = $1 for update of p`,
      [name],
    );
    if (!row) throw new Error(`policy ${name} vanished while it was saved`);
    return row;
  }

  override async addRevision(tx: Transaction, revision: NewRevision): Promise<void> {
    const { policyId, revision: number, steps, createdBy } = revision;
    await tx.sql(
      `insert into policy_revision (policy_id, revision, steps, environments, created_by)
       values ($1, $2, $3::jsonb, $4, $5)`,
      [policyId, number, JSON.stringify(steps), steps.map((step) => step.environment), createdBy],
    );
    await tx.sql('update policy set current_revision = $2 where id = $1', [policyId, number]);
  }

  override async unknownEnvironments(tx: Transaction, names: readonly string[]): Promise<string[]> {
    const rows = await tx.sql<{ name: string }>(
      `select distinct n.name from unnest($1::text[]) as n(name)
       where not exists (select from environment e where e.name = n.name) order by n.name`,
      [names],
    );
    return rows.map(({ name }) => name);
  }
}
