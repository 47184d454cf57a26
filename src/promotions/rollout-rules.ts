// By which times targets are judged, and whether time may be held against anybody yet.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import type { TargetRules } from './rollout-store.ts';

@Injectable()
export class RolloutRules {
  /** While the hub was away it heard nobody: agents get as long to come back as silence takes to show. */
  private readonly silentUntilMs: number;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.silentUntilMs = clock.now().getTime() + config.staleAfterMs;
  }

  now(): TargetRules {
    const { healthGraceMs, offlineAfterMs } = this.config;
    return { graceMs: healthGraceMs, offlineAfterMs, clockCounts: this.quietUntil() === null };
  }

  /** Until when no clock counts; null: it counts. */
  quietUntil(): Date | null {
    return this.clock.now().getTime() < this.silentUntilMs ? new Date(this.silentUntilMs) : null;
  }
}
