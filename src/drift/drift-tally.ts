// Counts what happens to drift, for /metrics of this process.
import { Injectable } from '@nestjs/common';
import { Metrics } from '../platform/metrics/metrics.ts';
import { healedOf, type DriftNews } from './domain/drift-event.ts';

@Injectable()
export class DriftTally {
  private readonly opened;
  private readonly healed;
  private readonly contested;

  constructor(metrics: Metrics) {
    this.opened = metrics.counter('fairlead_drift_opened_total', 'Differences that agents reported.');
    this.healed = metrics.counter('fairlead_drift_healed_total', 'Differences that agents put back.');
    this.contested = metrics.counter(
      'fairlead_drift_contested_total',
      'Differences that agents gave up healing, because somebody took them back again and again.',
    );
  }

  /** Of reports that are committed. */
  count(news: readonly DriftNews[]): void {
    const sum = (count: (told: DriftNews) => number): number =>
      news.reduce((total, told) => total + count(told), 0);
    this.opened.inc(sum(({ opened, passed }) => opened.length + passed.length));
    this.healed.inc(sum((told) => healedOf(told).length));
    this.contested.inc(sum(({ contested }) => contested.length));
  }
}
