// "Why is it not moving?" for slots and promotions, answered by the functions that decide whether it may.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { explainPromotion } from './domain/explain-promotion.ts';
import { rolloutWaits } from './domain/explain-rollout.ts';
import { explainSlot, slotWaits } from './domain/explain-slot.ts';
import { unmetGates } from './domain/gates.ts';
import { isRunning, isTerminal, type Promotion } from './domain/promotion.ts';
import type { Wait } from './domain/wait.ts';
import { GateReader } from './gate-reader.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import { PromotionStore, type SlotKey } from './promotion-store.ts';

/** Why something does not move, as data and in sentences. */
export interface Explanation {
  readonly waits: readonly Wait[];
  readonly sentences: readonly string[];
}

@Injectable()
export class PromotionExplanations {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly reads: PromotionReadStore,
    private readonly gates: GateReader,
  ) {}

  async ofPromotion(promotion: Promotion): Promise<Explanation> {
    return this.database.transaction(async (tx) => {
      const names = await this.gates.names(tx, promotion);
      const waits = await this.waitsOf(tx, promotion);
      return { waits, sentences: explainPromotion(promotion, names, waits) };
    });
  }

  async ofSlot(key: SlotKey): Promise<Explanation> {
    return this.database.transaction(async (tx) => {
      const known = await this.reads.slotFacts(tx, key);
      const open = await this.store.openPromotions(tx, key);
      const running = open.find((promotion) => isRunning(promotion.state));
      const pending = open.findLast((promotion) => promotion.state === 'PENDING');
      const facts = {
        ...known,
        running: running && (await this.moving(tx, running)),
        pending: pending && (await this.moving(tx, pending)),
      };
      return { waits: slotWaits(facts), sentences: explainSlot(facts) };
    });
  }

  private async moving(tx: Transaction, promotion: Promotion) {
    const { release } = await this.gates.names(tx, promotion);
    return { release, waits: await this.waitsOf(tx, promotion) };
  }

  private async waitsOf(tx: Transaction, promotion: Promotion): Promise<Wait[]> {
    if (isTerminal(promotion.state)) return [];
    if (promotion.state === 'PENDING') return unmetGates(await this.gates.facts(tx, promotion));
    const open = await this.reads.openTargets(tx, promotion.id);
    const since = promotion.startedAt ?? promotion.createdAt;
    return rolloutWaits({ state: promotion.state, outcome: promotion.outcome, since, open });
  }
}
