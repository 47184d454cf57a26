// "Why does the rollout not go on?": targets, gates of the next wave and checks, as they are now; it writes nothing.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { Checks } from './checks/checks-port.ts';
import { rolloutWaits } from './domain/explain-rollout.ts';
import { passes, toWait } from './domain/gate-verdict.ts';
import { currentWave } from './domain/next-rollout-step.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import type { Wait } from './domain/wait.ts';
import { PromotionReadStore } from './promotion-read-store.ts';
import { RolloutStore } from './rollout-store.ts';
import { WaveGates } from './wave-gates.ts';

@Injectable()
export class RolloutExplanations {
  constructor(
    private readonly reads: PromotionReadStore,
    private readonly rollouts: RolloutStore,
    private readonly gates: WaveGates,
    private readonly checks: Checks,
  ) {}

  /** Nothing for a promotion that does not run. */
  async waitsOf(tx: Transaction, promotion: Promotion): Promise<Wait[]> {
    if (!isRunning(promotion.state)) return [];
    const { pauseReasons } = promotion;
    if (pauseReasons.length > 0) return rolloutWaits({ pauseReasons, open: [], next: [], checks: [] });
    const open = await this.reads.openTargets(tx, promotion.id);
    const wave = currentWave(await this.rollouts.waves(tx, promotion));
    const verdicts = wave ? await this.gates.verdicts(tx, promotion, wave) : [];
    const next = verdicts.filter((verdict) => !passes(verdict)).map(toWait);
    const runs = (await this.checks.read(tx, [promotion.id])).get(promotion.id) ?? [];
    const checks = runs.filter(({ gate, state }) => state === 'RUNNING' && verifies(gate));
    return rolloutWaits({ pauseReasons, open, next, checks });
  }
}

/** A gate of the start may have a run as well; that one let it through. */
function verifies(gate: string): boolean {
  return gate.startsWith('verification:') || gate.startsWith('wave:');
}
