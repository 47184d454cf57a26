// The reads behind decisions and explanations, as SQL over the tables of the features to the left.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { OncePerTransaction } from '../platform/database/once-per-transaction.ts';
import { currentSteps } from './current-steps.ts';
import type { PromotionNames } from './domain/promotion-event.ts';
import {
  PromotionFactsStore,
  type CurrentPolicy,
  type NamedPromotion,
  type ReleaseRef,
} from './promotion-facts-store.ts';
import type { SlotKey } from './promotion-store.ts';

@Injectable()
export class PrismaPromotionFactsStore extends PromotionFactsStore {
  private readonly names = new OncePerTransaction<PromotionNames>();

  constructor(private readonly database: Database) {
    super();
  }

  override async slotByNames(tx: Transaction, application: string, environment: string) {
    const [row] = await tx.sql<{ applicationId: bigint | null; environmentId: bigint | null }>(
      `select (select id from application where name = $1) "applicationId",
              (select id from environment where name = $2) "environmentId"`,
      [application, environment],
    );
    return { applicationId: row?.applicationId ?? undefined, environmentId: row?.environmentId ?? undefined };
  }

  override async releaseByNumber(
    tx: Transaction,
    applicationId: bigint,
    number: number,
  ): Promise<ReleaseRef | undefined> {
    const [release] = await tx.sql<ReleaseRef>(
      'select id, number, created_at "createdAt" from release where application_id = $1 and number = $2',
      [applicationId, number],
    );
    return release;
  }

  override async releaseById(tx: Transaction, releaseId: bigint | null): Promise<ReleaseRef | undefined> {
    if (releaseId === null) return undefined;
    const [release] = await tx.sql<ReleaseRef>(
      'select id, number, created_at "createdAt" from release where id = $1',
      [releaseId],
    );
    return release;
  }

  override namesOf(tx: Transaction, promotion: NamedPromotion): Promise<PromotionNames> {
    return this.names.ask(tx, promotion.id, () => this.readNames(tx, promotion));
  }

  private async readNames(tx: Transaction, promotion: NamedPromotion): Promise<PromotionNames> {
    const { id, applicationId, environmentId, releaseId } = promotion;
    const [names] = await tx.sql<PromotionNames>(namesSql, [id, applicationId, environmentId, releaseId]);
    if (!names) throw new Error(`The names of promotion ${id} could not be read.`);
    return names;
  }

  override async whyGone(tx: Transaction, key: SlotKey): Promise<string | undefined> {
    const [row] = await tx.sql<{ application: string | null; environment: string | null; planned: boolean }>(
      `select a.name application, e.name environment, coalesce(e.name = any(v.environments), false) planned
         from (values ($1::bigint, $2::bigint)) key(application_id, environment_id)
         left join application a on a.id = key.application_id
         left join environment e on e.id = key.environment_id
         left join policy p on p.id = a.policy_id
         left join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision`,
      [key.applicationId, key.environmentId],
    );
    if (row?.planned) return undefined;
    if (!row?.application) return 'Its application was deleted.';
    if (!row.environment) return 'Its environment was deleted.';
    return `The policy of ${row.application} has no step for ${row.environment} any more.`;
  }

  override async policyOf(tx: Transaction, applicationId: bigint): Promise<CurrentPolicy | undefined> {
    const [row] = await tx.sql<PolicyRow>(
      `select v.id "policyRevisionId", v.revision "policyRevision", v.steps,
              (select coalesce(json_object_agg(e.name, e.id::text), '{}') from environment e where e.name = any(v.environments)) ids
         from application a
         join policy p on p.id = a.policy_id
         join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision
        where a.id = $1`,
      [applicationId],
    );
    if (!row) return undefined;
    const { policyRevisionId, policyRevision } = row;
    return { policyRevisionId, policyRevision, steps: currentSteps(row.steps, row.ids) };
  }

  override async applicationsOf(policyId: bigint): Promise<bigint[]> {
    const rows = await this.database.prisma.application.findMany({
      where: { policyId },
      select: { id: true },
    });
    return rows.map((row) => row.id);
  }

  override async latestRelease(tx: Transaction, applicationId: bigint): Promise<ReleaseRef | undefined> {
    const [release] = await tx.sql<ReleaseRef>(
      'select id, number, created_at "createdAt" from release where application_id = $1 order by number desc limit 1',
      [applicationId],
    );
    return release;
  }

  override async existing(tx: Transaction, environments: readonly string[]): Promise<Set<string>> {
    const rows = await tx.sql<{ name: string }>('select name from environment where name = any($1::text[])', [
      environments,
    ]);
    return new Set(rows.map((row) => row.name));
  }

  override async instanceCount(tx: Transaction, key: SlotKey): Promise<number> {
    const [row] = await tx.sql<{ count: number }>(
      `select count(*)::int count from instance where application_id = $1 and environment_id = $2 and tombstone is null`,
      [key.applicationId, key.environmentId],
    );
    return row?.count ?? 0;
  }

  override async tried(tx: Transaction, key: SlotKey, releaseId: bigint): Promise<boolean> {
    const rows = await tx.sql(
      'select 1 from promotion where application_id = $1 and environment_id = $2 and release_id = $3 limit 1',
      [key.applicationId, key.environmentId, releaseId],
    );
    return rows.length > 0;
  }

  override async clusterNames(tx: Transaction, ids: readonly bigint[]): Promise<Map<bigint, string>> {
    const rows = await tx.sql<{ id: bigint; name: string }>(
      'select id, name from cluster where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.name]));
  }
}

interface PolicyRow {
  readonly policyRevisionId: bigint;
  readonly policyRevision: number;
  readonly steps: unknown;
  readonly ids: Record<string, string>;
}

/** $1 promotion, $2 application, $3 environment, $4 release. */
const namesSql = `
select coalesce(a.name, said.application, 'a deleted application') application,
       coalesce(e.name, said.environment, 'a deleted environment') environment,
       coalesce(r.number, (said.data->>'release')::int, 0) release
  from (values (1)) one
  left join application a on a.id = $2
  left join environment e on e.id = $3
  left join release r on r.id = $4
  left join lateral (select application, environment, data from event where promotion_id = $1 order by id limit 1) said
    on a.id is null or e.id is null or r.id is null`;
