// The reads behind the gates, as SQL over many promotions at once.
import { Injectable } from '@nestjs/common';
import { isSelectorProblem, parseLabelSelector, selectorSql } from '../clusters/domain/label-selector.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { DependencyFact, UpstreamFact } from './domain/gate-facts.ts';
import type { GateOverride, GateVerdict, RecordedVerdict } from './domain/gate-verdict.ts';
import type { Promotion, WaveState } from './domain/promotion.ts';
import { dependenciesSql, recordSql, standingsSql, upstreamSql, waveStandingSql } from './gate-facts-sql.ts';
import {
  GateFactsStore,
  type ByPromotion,
  type NamedSlot,
  type OpenFreeze,
  type SlotStanding,
  type StoredApproval,
} from './gate-facts-store.ts';

type Keyed<Row> = Row & { readonly promotionId: bigint };

@Injectable()
export class PrismaGateFactsStore extends GateFactsStore {
  override async standings(
    tx: Transaction,
    promotionIds: readonly bigint[],
  ): Promise<Map<bigint, SlotStanding>> {
    const rows = await tx.sql<StandingRow>(standingsSql, [promotionIds]);
    return new Map(rows.map((row) => [row.promotionId, toStanding(row)]));
  }

  override async upstream(
    tx: Transaction,
    wanted: readonly { readonly promotion: Promotion; readonly environments: readonly string[] }[],
  ): Promise<ByPromotion<UpstreamFact>> {
    const pairs = wanted.flatMap(({ promotion, environments }) =>
      environments.map((environment) => ({ promotion, environment })),
    );
    if (pairs.length === 0) return new Map();
    return grouped(
      await tx.sql<Keyed<UpstreamFact>>(upstreamSql, [
        pairs.map(({ promotion }) => promotion.id),
        pairs.map(({ promotion }) => promotion.releaseId),
        pairs.map(({ environment }) => environment),
      ]),
    );
  }

  override async approvals(
    tx: Transaction,
    promotionIds: readonly bigint[],
  ): Promise<ByPromotion<StoredApproval>> {
    return grouped(
      await tx.sql<Keyed<StoredApproval>>(
        `select promotion_id "promotionId", gate, approver, at, comment from approval
          where promotion_id = any($1::bigint[]) order by id`,
        [promotionIds],
      ),
    );
  }

  override async overrides(
    tx: Transaction,
    promotionIds: readonly bigint[],
  ): Promise<ByPromotion<GateOverride>> {
    return grouped(
      await tx.sql<Keyed<GateOverride>>(
        `select promotion_id "promotionId", gate, overridden_by "by", reason, at from gate_override
          where promotion_id = any($1::bigint[]) order by at`,
        [promotionIds],
      ),
    );
  }

  override async recorded(
    tx: Transaction,
    promotionIds: readonly bigint[],
  ): Promise<ByPromotion<RecordedVerdict>> {
    return grouped(
      await tx.sql<Keyed<RecordedVerdict>>(
        `select promotion_id "promotionId", gate, verdict, message, since from gate_result
          where promotion_id = any($1::bigint[]) order by gate`,
        [promotionIds],
      ),
    );
  }

  override openFreezes(tx: Transaction): Promise<OpenFreeze[]> {
    return tx.sql<OpenFreeze>(
      `select id, reason, created_by "createdBy", from_at "from", until_at "until", application, environment, selector
         from "freeze" where ended_at is null and coalesce(until_at > clock_timestamp(), true) order by id`,
    );
  }

  override frozenSlots(tx: Transaction, freezes: readonly OpenFreeze[], promotionIds: readonly bigint[]) {
    const from = `promotion p
      where p.id = any($1::bigint[])
        and exists (select from instance i join cluster c on c.id = i.cluster_id
                     where i.application_id = p.application_id and i.environment_id = p.environment_id
                       and i.tombstone is null and `;
    return matching<{ freezeId: bigint; promotionId: bigint }>(tx, freezes, { from, first: promotionIds });
  }

  override async frozenWave(
    tx: Transaction,
    freezes: readonly OpenFreeze[],
    promotionId: bigint,
    wave: string,
  ) {
    const from = `promotion_wave w join promotion p on p.id = w.promotion_id
      where w.promotion_id = $1 and w.name = $2
        and exists (select from promotion_target t join cluster c on c.id = t.cluster_id
                     where t.wave_id = w.id and t.state <> 'REMOVED' and `;
    const rows = await matching<{ freezeId: bigint }>(tx, freezes, {
      from,
      first: promotionId,
      second: wave,
    });
    return rows.map(({ freezeId }) => freezeId);
  }

  override dependencies(tx: Transaction, slots: readonly NamedSlot[]): Promise<DependencyFact[]> {
    if (slots.length === 0) return Promise.resolve([]);
    const names = [slots.map(({ application }) => application), slots.map(({ environment }) => environment)];
    return tx.sql<DependencyFact>(dependenciesSql, names);
  }

  override async waveStanding(tx: Transaction, promotionId: bigint, wave: string) {
    const [row] = await tx.sql<{ state: WaveState; since: Date }>(waveStandingSql, [promotionId, wave]);
    return row;
  }

  override async keepDue(tx: Transaction, promotionId: bigint, dueAt: Date): Promise<void> {
    await tx.sql(
      `update promotion set due_at = $2 where id = $1 and state = 'PENDING' and due_at is distinct from $2`,
      [promotionId, dueAt],
    );
  }

  override async record(
    tx: Transaction,
    promotionId: bigint,
    verdicts: readonly GateVerdict[],
  ): Promise<void> {
    await tx.sql(recordSql, [
      promotionId,
      verdicts.map(({ gate }) => gate),
      verdicts.map(({ verdict }) => verdict),
      verdicts.map(({ message }) => message),
      verdicts.map(({ since }) => since),
    ]);
  }
}

interface StandingRow extends Omit<SlotStanding, 'hold' | 'holder'> {
  readonly holdReason: string | null;
  readonly holdBy: string | null;
  readonly holdAt: Date | null;
  readonly holdUntil: Date | null;
  readonly holdReleaseId: bigint | null;
  readonly holderRelease: number | null;
  readonly holderSince: Date | null;
}

function toStanding(row: StandingRow): SlotStanding {
  const { promotionId, application, environment, release, clusters, drifted, authors, readAt } = row;
  const named = { promotionId, application, environment, release, clusters, drifted, authors, readAt };
  return { ...named, hold: holdOf(row), holder: holderOf(row) };
}

function holdOf(row: StandingRow): SlotStanding['hold'] {
  const { holdReason, holdBy, holdAt, holdUntil, holdReleaseId } = row;
  if (holdReason === null || holdAt === null) return undefined;
  return {
    reason: holdReason,
    by: holdBy ?? 'fairlead',
    at: holdAt,
    until: holdUntil,
    releaseId: holdReleaseId,
  };
}

function holderOf({ holderRelease, holderSince }: StandingRow): SlotStanding['holder'] {
  return holderRelease === null || holderSince === null
    ? undefined
    : { release: holderRelease, since: holderSince };
}

function grouped<Row>(rows: readonly Keyed<Row>[]): ByPromotion<Row> {
  return Map.groupBy(rows, ({ promotionId }) => promotionId);
}

/** One statement for all freezes: each contributes the rows whose clusters its selector matches. */
async function matching<Row>(
  tx: Transaction,
  freezes: readonly OpenFreeze[],
  { from, ...first }: { readonly from: string; readonly first: unknown; readonly second?: unknown },
): Promise<Row[]> {
  const values: unknown[] = Object.values(first);
  const parts = freezes.flatMap(({ id, selector }) => {
    const parsed = parseLabelSelector(selector ?? '');
    // It was checked when the freeze was made; what cannot be read freezes everything rather than nothing.
    const condition = isSelectorProblem(parsed)
      ? { text: 'true', values: [] }
      : selectorSql(parsed, 'c.label_kv', values.length + 2);
    values.push(id, ...condition.values);
    return [
      `select $${values.length - condition.values.length}::bigint "freezeId", p.id "promotionId" from ${from} ${condition.text})`,
    ];
  });
  return parts.length === 0 ? [] : tx.sql<Row>(parts.join(' union all '), values);
}
