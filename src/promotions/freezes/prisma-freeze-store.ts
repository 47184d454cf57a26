// Freezes in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { pageOf, type Page } from '../../platform/graphql/connection.ts';
import type { SlotKey } from '../promotion-store.ts';
import { FreezeStore, type Freeze, type FreezeScope, type NewFreeze } from './freeze-store.ts';

const columns = `id, reason, created_by "createdBy", from_at "from", until_at "until", ended_at "endedAt",
  application, environment, selector`;
const isOn = '(ended_at is null and from_at <= now() and coalesce(until_at > now(), true))';

@Injectable()
export class PrismaFreezeStore extends FreezeStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async create(tx: Transaction, freeze: NewFreeze): Promise<Freeze> {
    const { reason, createdBy, from, until, application, environment, selector } = freeze;
    const [row] = await tx.sql<Freeze>(
      `insert into "freeze" (reason, created_by, from_at, until_at, application, environment, selector)
       values ($1, $2, coalesce($3::timestamptz, now()), $4, $5, $6, $7) returning ${columns}`,
      [reason, createdBy, from, until, application, environment, selector],
    );
    if (!row) throw new Error('A freeze was stored and not returned.');
    return row;
  }

  override async lock(tx: Transaction, id: bigint): Promise<Freeze | undefined> {
    const [row] = await tx.sql<Freeze>(`select ${columns} from "freeze" where id = $1 for update`, [id]);
    return row;
  }

  override async end(tx: Transaction, id: bigint, by: string, reason: string): Promise<Freeze> {
    const [row] = await tx.sql<Freeze>(
      `update "freeze" set ended_at = now(), ended_by = $2, end_reason = $3 where id = $1 returning ${columns}`,
      [id, by, reason],
    );
    if (!row) throw new Error(`Freeze ${id} vanished while it was ended.`);
    return row;
  }

  override async page(
    active: boolean | undefined,
    first: number,
    before: bigint | undefined,
  ): Promise<Page<Freeze>> {
    const rows = await this.database.sql<Freeze>(
      `select ${columns} from "freeze" where ($1::boolean is null or ${isOn} = $1) and ($2::bigint is null or id < $2)
        order by id desc limit $3`,
      [active ?? null, before ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override openSlots(tx: Transaction, { application, environment }: FreezeScope): Promise<SlotKey[]> {
    return tx.sql<SlotKey>(
      `select distinct p.application_id "applicationId", p.environment_id "environmentId"
         from promotion p join application a on a.id = p.application_id join environment e on e.id = p.environment_id
        where p.state in ('PENDING', 'ROLLING', 'PAUSED', 'VERIFYING')
          and ($1::text is null or a.name = $1) and ($2::text is null or e.name = $2)`,
      [application, environment],
    );
  }

  override async unknownNames(tx: Transaction, { application, environment }: FreezeScope): Promise<string[]> {
    const rows = await tx.sql<{ name: string }>(
      `select format('Application "%s" does not exist.', $1::text) "name"
        where $1::text is not null and not exists (select from application where name = $1)
       union all
       select format('Environment "%s" does not exist.', $2::text)
        where $2::text is not null and not exists (select from environment where name = $2)`,
      [application, environment],
    );
    return rows.map(({ name }) => name);
  }
}
