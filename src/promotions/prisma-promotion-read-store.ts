// The reads of the API, as SQL: pages by row-value cursor, waves with their counts in one statement.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { OpenTargets } from './domain/explain-rollout.ts';
import type { SlotFacts } from './domain/explain-slot.ts';
import { runningStates, type Promotion, type TargetState } from './domain/promotion.ts';
import {
  livingSlot,
  openTargetsSql,
  promotionColumns,
  promotionFilterSql,
  slotByNamesSql,
  slotColumns,
  slotFactsSql,
  wavesSql,
} from './promotion-read-sql.ts';
import {
  PromotionReadStore,
  type PageRequest,
  type PromotionFilter,
  type SlotFilter,
  type TargetRow,
  type WaveRow,
} from './promotion-read-store.ts';
import { toPromotion, type PromotionRow } from './promotion-row.ts';
import type { Slot, SlotKey } from './promotion-store.ts';
import { toSlotFacts, type SlotFactsRow } from './slot-facts-row.ts';

@Injectable()
export class PrismaPromotionReadStore extends PromotionReadStore {
  constructor(private readonly database: Database) {
    super();
  }

  override promotionsById(ids: readonly bigint[]): Promise<Promotion[]> {
    return this.find('p.id = any($1::bigint[])', [ids]);
  }

  override matching(ids: readonly bigint[], filter: PromotionFilter): Promise<Promotion[]> {
    return this.find(`${promotionFilterSql} and p.id = any($5::bigint[])`, [...filterValues(filter), ids]);
  }

  override async promotions(filter: PromotionFilter, page: PageRequest): Promise<Page<Promotion>> {
    const where = `${promotionFilterSql} and ($5::bigint is null or p.id < $5) order by p.id desc limit $6`;
    const rows = await this.find(where, [...filterValues(filter), page.after ?? null, page.first + 1]);
    return pageOf(rows, page.first);
  }

  override async promotionsOfRelease(releaseId: bigint, page: PageRequest): Promise<Page<Promotion>> {
    const where = 'p.release_id = $1 and ($2::bigint is null or p.id < $2) order by p.id desc limit $3';
    return pageOf(await this.find(where, [releaseId, page.after ?? null, page.first + 1]), page.first);
  }

  override async pendingOf(key: SlotKey, { first, after }: PageRequest): Promise<Page<Promotion>> {
    const where = `p.application_id = $1 and p.environment_id = $2 and p.state = 'PENDING'
      and ($3::bigint is null or p.id > $3) order by p.id limit $4`;
    const rows = await this.find(where, [key.applicationId, key.environmentId, after ?? null, first + 1]);
    return pageOf(rows, first);
  }

  override openOf(keys: readonly SlotKey[]): Promise<Promotion[]> {
    const where = `(p.application_id, p.environment_id) in (select * from unnest($1::bigint[], $2::bigint[]))
      and p.state = any($3::"PromotionState"[]) order by p.id`;
    return this.find(where, [...columnsOf(keys), ['PENDING', ...runningStates]]);
  }

  override async slots(filter: SlotFilter, { first, after }: PageRequest): Promise<Page<Slot>> {
    const rows = await this.database.sql<Slot>(
      `select ${slotColumns} from slot s
        where ${livingSlot('s')} and ($1::text is null or s.application_id = (select id from application where name = $1))
          and ($2::text is null or s.environment_id = (select id from environment where name = $2))
          and ($3::bigint is null or s.id > $3)
          and ($5::boolean is null or (s.hold_reason is not null and coalesce(s.hold_until > now(), true)) = $5)
        order by s.id limit $4`,
      [filter.application ?? null, filter.environment ?? null, after ?? null, first + 1, filter.held ?? null],
    );
    return pageOf(rows, first);
  }

  override slotsByKey(keys: readonly SlotKey[], filter: SlotFilter = {}): Promise<Slot[]> {
    return this.database.sql<Slot>(
      `select ${slotColumns} from slot s
        where (s.application_id, s.environment_id) in (select * from unnest($1::bigint[], $2::bigint[]))
          and ${livingSlot('s')} and ($3::text is null or s.application_id = (select id from application where name = $3))
          and ($4::text is null or s.environment_id = (select id from environment where name = $4))`,
      [...columnsOf(keys), filter.application ?? null, filter.environment ?? null],
    );
  }

  override async slotByNames(application: string, environment: string): Promise<Slot | undefined> {
    const [row] = await this.database.sql<Slot>(slotByNamesSql, [application, environment]);
    return row;
  }

  override wavesOf(promotionIds: readonly bigint[]): Promise<WaveRow[]> {
    return this.database.sql<WaveRow>(wavesSql, [promotionIds]);
  }

  override async targetsOf(
    waveId: bigint,
    states: readonly TargetState[] | undefined,
    { first, after }: PageRequest,
  ): Promise<Page<TargetRow>> {
    const rows = await this.database.sql<TargetRow>(
      `select cluster_id "clusterId", state, message, healthy_since "healthySince" from promotion_target
        where wave_id = $1 and exists (select from cluster where id = cluster_id) and ($2::"TargetState"[] is null or state = any($2::"TargetState"[]))
          and ($3::bigint is null or cluster_id > $3) order by cluster_id limit $4`,
      [waveId, states ?? null, after ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override openTargets(tx: Transaction, promotionId: bigint): Promise<OpenTargets[]> {
    return tx.sql<OpenTargets>(openTargetsSql, [promotionId]);
  }

  override async slotFacts(
    keys: readonly SlotKey[],
  ): Promise<(SlotKey & Omit<SlotFacts, 'running' | 'pending'>)[]> {
    const rows = await this.database.sql<SlotFactsRow>(slotFactsSql, columnsOf(keys));
    return rows.map(toSlotFacts);
  }

  private async find(where: string, values: readonly unknown[]): Promise<Promotion[]> {
    const text = `select ${promotionColumns} from promotion p where ${livingSlot('p')} and ${where}`;
    const rows = await this.database.sql<PromotionRow>(text, values);
    return rows.map(toPromotion);
  }
}

function filterValues({ application, environment, release, states }: PromotionFilter): unknown[] {
  return [application ?? null, environment ?? null, release ?? null, states ?? null];
}

function columnsOf(keys: readonly SlotKey[]): [bigint[], bigint[]] {
  return [keys.map((key) => key.applicationId), keys.map((key) => key.environmentId)];
}
