// "Why is it not moving?" for slots and promotions, answered by the functions that decide whether it may.
// Many slots are read at once; only what moves or waits costs further reads.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { explainPromotion } from './domain/explain-promotion.ts';
import { rolloutWaits } from './domain/explain-rollout.ts';
import { explainSlot, slotWaits, type SlotFacts } from './domain/explain-slot.ts';
import { unmetGates } from './domain/gates.ts';
import { isRunning, isTerminal, type Promotion } from './domain/promotion.ts';
import { slotId } from './domain/slot-id.ts';
import type { Wait } from './domain/wait.ts';
import { GateReader } from './gate-reader.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import type { SlotKey } from './promotion-store.ts';

/** Why something does not move, as data and in sentences. */
export interface Explanation {
  readonly waits: readonly Wait[];
  readonly sentences: readonly string[];
}

@Injectable()
export class PromotionExplanations {
  constructor(
    private readonly database: Database,
    private readonly reads: PromotionReadStore,
    private readonly gates: GateReader,
  ) {}

  /** In the order of the promotions. */
  ofPromotions(promotions: readonly Promotion[]): Promise<Explanation[]> {
    return this.database.transaction(async (tx) => {
      const explanations: Explanation[] = [];
      for (const promotion of promotions) {
        const { names, waits } = await this.moving(tx, promotion);
        explanations.push({ waits, sentences: explainPromotion(promotion, names, waits) });
      }
      return explanations;
    });
  }

  /** By `slotId`; slots whose application or environment is gone are left out. */
  async ofSlots(keys: readonly SlotKey[]): Promise<Map<string, Explanation>> {
    const open = await this.reads.openOf(keys);
    const known = await this.reads.slotFacts(keys);
    return this.database.transaction(async (tx) => {
      const explained = new Map<string, Explanation>();
      for (const slot of known) {
        const here = open.filter((promotion) => slotId(promotion) === slotId(slot));
        const facts = { ...slot, ...(await this.openFacts(tx, here)) };
        explained.set(slotId(slot), { waits: slotWaits(facts), sentences: explainSlot(facts) });
      }
      return explained;
    });
  }

  private async openFacts(
    tx: Transaction,
    open: readonly Promotion[],
  ): Promise<Pick<SlotFacts, 'running' | 'pending'>> {
    const running = open.find((promotion) => isRunning(promotion.state));
    const pending = open.findLast((promotion) => promotion.state === 'PENDING');
    return {
      running: running && (await this.openFact(tx, running)),
      pending: pending && (await this.openFact(tx, pending)),
    };
  }

  private async openFact(tx: Transaction, promotion: Promotion): Promise<NonNullable<SlotFacts['running']>> {
    const { names, waits } = await this.moving(tx, promotion);
    return { release: names.release, waits };
  }

  private async moving(tx: Transaction, promotion: Promotion) {
    return {
      names: await this.gates.names(tx, promotion),
      waits: await this.waitsOf(tx, promotion),
    };
  }

  private async waitsOf(tx: Transaction, promotion: Promotion): Promise<Wait[]> {
    if (isTerminal(promotion.state)) return [];
    if (promotion.state === 'PENDING') return unmetGates(await this.gates.facts(tx, promotion));
    const open = await this.reads.openTargets(tx, promotion.id);
    return rolloutWaits({ pauseReasons: promotion.pauseReasons, open });
  }
}
