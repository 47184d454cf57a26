// By which times targets are judged, and whether time may be held against anybody yet.
import { Injectable } from '@nestjs/common';
import { Hearing } from '../clusters/hearing-port.ts';
import type { SqlTransaction } from '../platform/database/database.ts';
import { Config } from '../platform/config/config.ts';
import type { TargetRules } from './rollout-store.ts';

@Injectable()
export class RolloutRules {
  constructor(
    private readonly config: Config,
    private readonly hearing: Hearing,
  ) {}

  async now(tx: SqlTransaction): Promise<TargetRules> {
    const { healthGraceMs, offlineAfterMs } = this.config;
    return { graceMs: healthGraceMs, offlineAfterMs, clockCounts: (await this.quietUntil(tx)) === null };
  }

  /** Until when no clock counts, because the hub was away and heard nobody; null: it counts. */
  quietUntil(tx: SqlTransaction): Promise<Date | null> {
    return this.hearing.deafUntil(tx);
  }
}
