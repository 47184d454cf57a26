// Open drift for /metrics: by application and environment, and how old the oldest is.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Metrics } from '../platform/metrics/metrics.ts';
import { DriftReadStore, type SlotDriftCount } from './drift-read-store.ts';

/** One scrape asks twice; so do many that come at once. */
const KEPT_MS = 1_000;

@Injectable()
export class DriftGauges implements OnModuleInit {
  private kept: { readonly atMs: number; readonly counts: Promise<readonly SlotDriftCount[]> } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly store: DriftReadStore,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const labels = ['application', 'environment'] as const;
    this.metrics.gaugeBy(
      'fairlead_drift_items',
      'Open differences; a slot without any is left out.',
      labels,
      async () => (await this.counts()).map(({ items, ...slot }) => ({ labels: named(slot), value: items })),
    );
    this.metrics.gaugeBy(
      'fairlead_drift_oldest_seconds',
      'Since when the oldest open difference is open.',
      labels,
      async () =>
        (await this.counts()).flatMap(({ oldestAt, ...slot }) =>
          oldestAt ? [{ labels: named(slot), value: this.ageSeconds(oldestAt) }] : [],
        ),
    );
  }

  private ageSeconds(at: Date): number {
    return Math.max(0, (this.clock.now().getTime() - at.getTime()) / 1_000);
  }

  private counts(): Promise<readonly SlotDriftCount[]> {
    const atMs = this.clock.now().getTime();
    if (!this.kept || atMs - this.kept.atMs > KEPT_MS) this.kept = { atMs, counts: this.store.slotCounts() };
    return this.kept.counts;
  }
}

function named({ application, environment }: Pick<SlotDriftCount, 'application' | 'environment'>) {
  return { application, environment };
}
