// What Prometheus is told of promotions. Labels are closed words, never names: the API answers which one and why.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../../activity/activity-log.ts';
import { Clock } from '../../platform/clock.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import type { Wait } from '../domain/wait.ts';
import { PromotionExplanations } from '../promotion-explanations.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import { HistoryStore } from './history-store.ts';

/** A scrape looks at so many that wait, the oldest of them. */
const MOST_PENDING = 500;
/** Scrapers of several gauges, and several scrapers, share one look. */
const LOOK_LASTS_MS = 10_000;
/** From minutes to a month, in seconds. */
const LEAD_TIMES = [300, 900, 3_600, 14_400, 43_200, 86_400, 259_200, 604_800, 2_592_000];
/** A notice may come twice; so many that ended are remembered, so that they count once. */
const REMEMBERED = 1_000;

@Injectable()
export class PromotionMetrics implements OnModuleInit {
  private readonly counted = new Set<bigint>();
  private looked: { readonly at: number; readonly waits: Promise<readonly Wait[]> } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly notices: Notices,
    private readonly history: HistoryStore,
    private readonly reads: PromotionReadStore,
    private readonly explanations: PromotionExplanations,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.gauges();
    const finished = this.metrics.counter(
      'fairlead_promotions_finished_total',
      'Promotions that ended, as this process was told of them.',
      ['result', 'intent'],
    );
    const leadTime = this.metrics.histogram(
      'fairlead_deployment_lead_time_seconds',
      "From a release's commit to its success in an environment.",
      [],
      LEAD_TIMES,
    );
    this.notices.on('promotion.changed', async (payloads) => {
      const ids = payloads.map((payload) => BigInt(String(payload['promotionId'])));
      for (const { id, state, intent, leadTimeMs } of await this.history.ended([...new Set(ids)])) {
        if (!this.isNew(id)) continue;
        finished.inc({ result: state, intent });
        if (state === 'SUCCEEDED' && intent !== 'ROLLBACK') leadTime.observe(leadTimeMs / 1_000);
      }
    });
  }

  private gauges(): void {
    const running = () => this.history.running();
    this.gaugesOf(
      'fairlead_promotions_running',
      'Promotions that hold their slots, by state.',
      'state',
      running,
    );
    this.gaugesOf(
      'fairlead_promotions_pending',
      'Promotions that wait, by what they wait for; one that waits for several things counts for each.',
      'kind',
      async () => byKind(await this.waits(), (waits) => waits.length),
    );
    this.gaugesOf(
      'fairlead_promotions_oldest_wait_seconds',
      'How long the longest wait of each kind has lasted.',
      'kind',
      async () => byKind(await this.waits(), (waits) => this.oldestSeconds(waits)),
    );
  }

  private gaugesOf(
    name: string,
    help: string,
    label: string,
    read: () => Promise<ReadonlyMap<string, number>>,
  ): void {
    this.metrics.gaugeBy(name, help, [label], async () =>
      [...(await read())].map(([word, value]) => ({ labels: { [label]: word }, value })),
    );
  }

  private oldestSeconds(waits: readonly Wait[]): number {
    const oldest = Math.min(...waits.map(({ since }) => since.getTime()));
    return Math.max(0, (this.clock.now().getTime() - oldest) / 1_000);
  }

  private waits(): Promise<readonly Wait[]> {
    const now = this.clock.now().getTime();
    if (this.looked && now - this.looked.at < LOOK_LASTS_MS) return this.looked.waits;
    const waits = this.look();
    this.looked = { at: now, waits };
    return waits;
  }

  private async look(): Promise<readonly Wait[]> {
    const pending = await this.reads.promotionsById(await this.history.pending(MOST_PENDING));
    const explained = await this.explanations.ofPromotions(pending);
    return explained.flatMap(({ waits }) => waits);
  }

  private isNew(id: bigint): boolean {
    if (this.counted.has(id)) return false;
    this.counted.add(id);
    const [oldest] = this.counted;
    if (this.counted.size > REMEMBERED && oldest !== undefined) this.counted.delete(oldest);
    return true;
  }
}

function byKind(
  waits: readonly Wait[],
  value: (waits: readonly Wait[]) => number,
): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(waits, ({ kind }) => kind)].map(([kind, of]) => [kind, value(of)]));
}
