// By which times targets are judged, and whether time may be held against anybody yet.
import { Injectable } from '@nestjs/common';
import { Hearing } from '../clusters/hearing-port.ts';
import type { Transaction } from '../platform/database/database.ts';
import { OncePerTransaction } from '../platform/database/once-per-transaction.ts';
import { Config } from '../platform/config/config.ts';
import type { TargetRules } from './rollout-store.ts';

/**
 * The agent tries a refused object again after 30 seconds at most: what is refused then too is refused for good, and
 * whoever has the fix should not wait longer for the slot.
 */
const REFUSED_MS = 45_000;

/** The rules of targets at this moment. */
export interface RulesOfNow extends TargetRules {
  /** Until when no clock counts, because the hub was away and heard nobody; null: it counts. */
  readonly quietUntil: Date | null;
}

@Injectable()
export class RolloutRules {
  private readonly deafUntil = new OncePerTransaction<Date | null>();

  constructor(
    private readonly config: Config,
    private readonly hearing: Hearing,
  ) {}

  async now(tx: Transaction): Promise<RulesOfNow> {
    const { healthGraceMs, offlineAfterMs } = this.config;
    const quietUntil = await this.deafUntil.ask(tx, 'now', () => this.hearing.deafUntil(tx));
    const refusalMs = Math.min(REFUSED_MS, healthGraceMs);
    return {
      graceMs: healthGraceMs,
      refusalMs,
      offlineAfterMs,
      clockCounts: quietUntil === null,
      quietUntil,
    };
  }
}
