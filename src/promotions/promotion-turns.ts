// Whose turn it is in a slot where several promotions wait: what no gate stops may still have to let another go first, and
// must say so.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { explainTurn } from './domain/explain-turn.ts';
import { endBy, evaluateGates, isFullyApproved, mayOvertake, unmetGates } from './domain/gates.ts';
import type { Contender } from './domain/explain-turn.ts';
import type { Promotion } from './domain/promotion.ts';
import { slotId } from './domain/slot-id.ts';
import type { Wait } from './domain/wait.ts';
import { GateReader } from './gate-reader.ts';

@Injectable()
export class PromotionTurns {
  constructor(private readonly gates: GateReader) {}

  /**
   * What each of `ready`, which no gate stops, waits for all the same; by promotion. `pending`: whatever waits in their
   * slots. It is read only where a slot has several, and at once for all.
   */
  async waits(
    tx: Transaction,
    ready: readonly Promotion[],
    pending: readonly Promotion[],
  ): Promise<Map<bigint, Wait>> {
    const bySlot = Map.groupBy(pending, slotId);
    const contested = ready.filter((each) => (bySlot.get(slotId(each))?.length ?? 0) > 1);
    const slots = new Set(contested.map(slotId));
    const contenders = await this.contenders(
      tx,
      pending.filter((each) => slots.has(slotId(each))),
    );
    return new Map(
      contested.flatMap((promotion): [bigint, Wait][] => {
        const here = contenders.filter((each) => slotId(each.promotion) === slotId(promotion));
        const wait = explainTurn(here, promotion);
        return wait ? [[promotion.id, wait]] : [];
      }),
    );
  }

  private async contenders(tx: Transaction, pending: readonly Promotion[]): Promise<Contender[]> {
    const facts = await this.gates.factsOf(tx, pending);
    return facts.flatMap((own, index): Contender[] => {
      const promotion = pending[index];
      const verdicts = evaluateGates(own, own.readAt);
      // What a gate ends is in nobody's way any more.
      if (!promotion || endBy(verdicts)) return [];
      const standing = { mayOvertake: mayOvertake(verdicts), fullyApproved: isFullyApproved(verdicts) };
      return [{ promotion, ...standing, release: own.release, waits: unmetGates(verdicts) }];
    });
  }
}
