// Reads the facts that gates are judged by, inside the caller's transaction: for one promotion or for many at once.
import { Injectable } from '@nestjs/common';
import { UserQueries } from '../access/user-queries.ts';
import type { Transaction } from '../platform/database/database.ts';
import { Checks } from './checks/checks-port.ts';
import type { ApprovalFact, CommonFacts, FreezeFact, GateFacts, WaveGateFacts } from './domain/gate-facts.ts';
import type { GateVerdict } from './domain/gate-verdict.ts';
import type { PromotionNames } from './domain/promotion-event.ts';
import type { Promotion } from './domain/promotion.ts';
import { GateFactsStore, type ByPromotion, type OpenFreeze, type SlotStanding } from './gate-facts-store.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';

/** What releases could render for a slot, by cluster. */
export interface RenderedBundles {
  readonly bundles: ReadonlyMap<bigint, string>;
  readonly errors: ReadonlyMap<bigint, { readonly code: string; readonly message: string }>;
}

type Common = Omit<CommonFacts, 'freezes'>;

@Injectable()
export class GateReader {
  constructor(
    private readonly store: GateFactsStore,
    private readonly reader: PromotionFactsStore,
    private readonly users: UserQueries,
    private readonly checks: Checks,
  ) {}

  names(tx: Transaction, promotion: Promotion): Promise<PromotionNames> {
    return this.reader.namesOf(tx, promotion);
  }

  /** By promotion; what is deleted keeps the names that its events remember. */
  async namesOf(
    tx: Transaction,
    promotions: readonly Promotion[],
  ): Promise<ReadonlyMap<bigint, PromotionNames>> {
    if (promotions.length === 0) return new Map();
    return this.store.standings(
      tx,
      promotions.map(({ id }) => id),
    );
  }

  /** Everything that `evaluateGates` asks; without `rendered` the last try to render is what counts. */
  async facts(tx: Transaction, promotion: Promotion, rendered?: RenderedBundles): Promise<GateFacts> {
    const [facts] = await this.factsOf(tx, [promotion]);
    if (!facts) throw new Error(`The facts of promotion ${promotion.id} could not be read.`);
    return { ...facts, renderErrors: await this.renderErrors(tx, rendered) };
  }

  /** For many promotions, in their order; the number of statements does not grow with them. */
  async factsOf(tx: Transaction, promotions: readonly Promotion[]): Promise<GateFacts[]> {
    if (promotions.length === 0) return [];
    const ids = promotions.map(({ id }) => id);
    const wanted = promotions.map((promotion) => ({
      promotion,
      environments: environmentsBefore(promotion),
    }));
    const { standings, common } = await this.common(tx, promotions);
    const upstream = await this.store.upstream(tx, wanted);
    const freezes = await this.freezes(tx, standings);
    const checks = await this.checks.read(tx, ids);
    const dependencies = await this.store.dependencies(tx, promotions.flatMap(dependenciesOf));
    return ids.map((id) => {
      const { holder, clusters, drifted } = standingOf(standings, id);
      const slot = { holder, clusters, drifted, dependencies };
      const before = { upstream: upstream.get(id) ?? [], freezes: freezes.get(id) ?? [] };
      return { ...commonOf(common, id), ...slot, ...before, checks: checks.get(id) ?? [] };
    });
  }

  /** Keeps what the gates said, where it changed: since when it holds, and how long it kept the promotion waiting. */
  recordVerdicts(tx: Transaction, { id }: Promotion, verdicts: readonly GateVerdict[]): Promise<void> {
    return this.store.record(tx, id, verdicts);
  }

  /** Everything that `evaluateWaveGates` asks of a wave that is stored. */
  async waveFacts(tx: Transaction, promotion: Promotion, wave: string): Promise<WaveGateFacts> {
    const { standings, common } = await this.common(tx, [promotion]);
    const standing = await this.store.waveStanding(tx, promotion.id, wave);
    if (!standing) throw new Error(`Promotion ${promotion.id} has no wave "${wave}".`);
    const open = inScope(await this.store.openFreezes(tx), standingOf(standings, promotion.id));
    const selected = open.filter(({ selector }) => selector !== null);
    const frozen = new Set(await this.store.frozenWave(tx, selected, promotion.id, wave));
    const freezes = open.filter(({ id, selector }) => selector === null || frozen.has(id));
    return {
      ...commonOf(common, promotion.id),
      freezes,
      wave,
      waveState: standing.state,
      waveSince: standing.since,
    };
  }

  private async common(
    tx: Transaction,
    promotions: readonly Promotion[],
  ): Promise<{ standings: Map<bigint, SlotStanding>; common: Map<bigint, Common> }> {
    const ids = promotions.map(({ id }) => id);
    const standings = await this.store.standings(tx, ids);
    const approvals = await this.approvals(tx, ids);
    const overrides = await this.store.overrides(tx, ids);
    const recorded = await this.store.recorded(tx, ids);
    const common = promotions.map((promotion): [bigint, Common] => {
      const { application, environment, release, hold, authors, readAt } = standingOf(
        standings,
        promotion.id,
      );
      const { id, releaseId, intent, requestedBy, reason, step, createdAt } = promotion;
      const own = { releaseId, intent, requestedBy, reason, step, pendingSince: createdAt };
      const said = { approvals: approvals.get(id) ?? [], overrides: overrides.get(id) ?? [] };
      const slot = { application, environment, release, hold, authors, readAt };
      return [id, { ...slot, ...own, ...said, recorded: recorded.get(id) ?? [] }];
    });
    return { standings, common: new Map(common) };
  }

  private async approvals(tx: Transaction, ids: readonly bigint[]): Promise<ByPromotion<ApprovalFact>> {
    const stored = await this.store.approvals(tx, ids);
    const givers = [...new Set([...stored.values()].flat().map(({ approver }) => approver))];
    const standings = await this.users.standings(tx, givers);
    const withGiver = (approval: Omit<ApprovalFact, 'roles' | 'emails'>): ApprovalFact => {
      const { roles = [], emails = [] } = standings.get(approval.approver) ?? {};
      return { ...approval, roles, emails };
    };
    return new Map([...stored].map(([id, approvals]) => [id, approvals.map(withGiver)]));
  }

  private async freezes(
    tx: Transaction,
    standings: ReadonlyMap<bigint, SlotStanding>,
  ): Promise<ByPromotion<FreezeFact>> {
    const open = await this.store.openFreezes(tx);
    const selected = open.filter(({ selector }) => selector !== null);
    const matches = await this.store.frozenSlots(tx, selected, [...standings.keys()]);
    const frozen = new Set(matches.map(({ freezeId, promotionId }) => `${freezeId}/${promotionId}`));
    return new Map(
      [...standings].map(([promotionId, standing]) => [
        promotionId,
        inScope(open, standing).filter(
          ({ id, selector }) => selector === null || frozen.has(`${id}/${promotionId}`),
        ),
      ]),
    );
  }

  private async renderErrors(
    tx: Transaction,
    rendered?: RenderedBundles,
  ): Promise<GateFacts['renderErrors']> {
    if (!rendered) return undefined;
    if (rendered.errors.size === 0) return [];
    const names = await this.reader.clusterNames(tx, [...rendered.errors.keys()]);
    return [...rendered.errors].map(([id, { message }]) => ({
      cluster: names.get(id) ?? String(id),
      message,
    }));
  }
}

function commonOf(common: ReadonlyMap<bigint, Common>, id: bigint): Common {
  const facts = common.get(id);
  if (!facts) throw new Error(`The facts of promotion ${id} were not read.`);
  return facts;
}

function standingOf(standings: ReadonlyMap<bigint, SlotStanding>, id: bigint): SlotStanding {
  const standing = standings.get(id);
  if (!standing) throw new Error(`Promotion ${id} does not exist any more.`);
  return standing;
}

/** Those whose application and environment match; selectors are another question. */
function inScope(freezes: readonly OpenFreeze[], { application, environment }: SlotStanding): OpenFreeze[] {
  return freezes.filter(
    (freeze) =>
      (freeze.application ?? application) === application &&
      (freeze.environment ?? environment) === environment,
  );
}

function environmentsBefore({ step }: Promotion): string[] {
  const soaks = step.gates.flatMap((gate) => (gate.kind === 'soak' ? (gate.environment ?? []) : []));
  return [...new Set([...step.upstream, ...soaks])];
}

function dependenciesOf({ step }: Promotion) {
  return step.gates.flatMap((gate) =>
    gate.kind === 'dependency'
      ? [{ application: gate.application, environment: gate.environment ?? step.environment }]
      : [],
  );
}
