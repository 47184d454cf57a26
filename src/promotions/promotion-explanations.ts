// "Why is it not moving?" for slots and promotions, answered by the functions that decide whether it may. What is pending
// is read at once for all; only what runs costs reads of its own.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { explainPromotion } from './domain/explain-promotion.ts';
import { explainSlot, slotWaits, type SlotFacts } from './domain/explain-slot.ts';
import { evaluateGates, unmetGates } from './domain/gates.ts';
import type { PromotionNames } from './domain/promotion-event.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import { slotId } from './domain/slot-id.ts';
import type { Wait } from './domain/wait.ts';
import { GateReader } from './gate-reader.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import { PromotionTurns } from './promotion-turns.ts';
import type { SlotKey } from './promotion-store.ts';
import { RolloutExplanations } from './rollout-explanations.ts';

/** Why something does not move, as data and in sentences. */
export interface Explanation {
  readonly waits: readonly Wait[];
  readonly sentences: readonly string[];
}

interface Moving {
  readonly names: PromotionNames;
  readonly waits: readonly Wait[];
}

@Injectable()
export class PromotionExplanations {
  constructor(
    private readonly database: Database,
    private readonly reads: PromotionReadStore,
    private readonly gates: GateReader,
    private readonly rollouts: RolloutExplanations,
    private readonly turns: PromotionTurns,
  ) {}

  /** In the order of the promotions. */
  async ofPromotions(promotions: readonly Promotion[]): Promise<Explanation[]> {
    const waiting = promotions.filter(isPending);
    const open = waiting.length === 0 ? [] : await this.reads.openOf(waiting);
    return this.database.transaction(async (tx) => {
      const moving = await this.moving(tx, promotions, open);
      return promotions.map((promotion) => {
        const { names, waits } = movingOf(moving, promotion);
        return { waits, sentences: explainPromotion(promotion, names, waits) };
      });
    });
  }

  /** By `slotId`; slots whose application or environment is gone are left out. */
  async ofSlots(keys: readonly SlotKey[]): Promise<Map<string, Explanation>> {
    const open = await this.reads.openOf(keys);
    const known = await this.reads.slotFacts(keys);
    const here = new Map(
      known.map((slot) => [slotId(slot), shownOf(open.filter((each) => slotId(each) === slotId(slot)))]),
    );
    const shown = [...here.values()]
      .flatMap(({ running, pending }) => [running, pending])
      .filter((each) => each !== undefined);
    const moving = await this.database.transaction((tx) => this.moving(tx, shown, open));
    return new Map(
      known.map((slot) => {
        const facts = { ...slot, ...openFacts(here.get(slotId(slot)), moving) };
        return [slotId(slot), { waits: slotWaits(facts), sentences: explainSlot(facts) }];
      }),
    );
  }

  /** `open`: everything that is open in the slots of those that wait. */
  private async moving(
    tx: Transaction,
    promotions: readonly Promotion[],
    open: readonly Promotion[],
  ): Promise<Map<bigint, Moving>> {
    const moving = await this.waiting(tx, promotions.filter(isPending), open.filter(isPending));
    const others = promotions.filter(({ state }) => state !== 'PENDING');
    const names = await this.gates.namesOf(tx, others);
    for (const promotion of others) {
      const own = names.get(promotion.id);
      if (own) moving.set(promotion.id, { names: own, waits: await this.rollouts.waitsOf(tx, promotion) });
    }
    return moving;
  }

  /** What its gates wait for; where they all let it through, who goes first. */
  private async waiting(
    tx: Transaction,
    pending: readonly Promotion[],
    contenders: readonly Promotion[],
  ): Promise<Map<bigint, Moving>> {
    const facts = await this.gates.factsOf(tx, pending);
    const moving = new Map(
      pending.map(({ id }, index): [bigint, Moving] => {
        const own = facts[index];
        if (!own) throw new Error(`The facts of promotion ${id} were not read.`);
        return [id, { names: own, waits: unmetGates(evaluateGates(own, own.readAt)) }];
      }),
    );
    const ready = pending.filter((promotion) => movingOf(moving, promotion).waits.length === 0);
    for (const [id, wait] of await this.turns.waits(tx, ready, contenders)) {
      const own = moving.get(id);
      if (own) moving.set(id, { ...own, waits: [wait] });
    }
    return moving;
  }
}

function isPending({ state }: Promotion): boolean {
  return state === 'PENDING';
}

interface Shown {
  readonly running: Promotion | undefined;
  readonly pending: Promotion | undefined;
}

/** Of what is open in a slot, what its explanation speaks of: what rolls, and the newest that waits. */
function shownOf(open: readonly Promotion[]): Shown {
  return {
    running: open.find(({ state }) => isRunning(state)),
    pending: open.findLast(({ state }) => state === 'PENDING'),
  };
}

function openFacts(
  shown: Shown | undefined,
  moving: ReadonlyMap<bigint, Moving>,
): Pick<SlotFacts, 'running' | 'pending'> {
  const fact = (promotion: Promotion | undefined): SlotFacts['running'] => {
    if (!promotion) return undefined;
    const { names, waits } = movingOf(moving, promotion);
    return { release: names.release, waits };
  };
  return { running: fact(shown?.running), pending: fact(shown?.pending) };
}

function movingOf(moving: ReadonlyMap<bigint, Moving>, { id }: Promotion): Moving {
  const found = moving.get(id);
  if (!found) throw new Error(`Promotion ${id} was not read.`);
  return found;
}
