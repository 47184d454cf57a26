// What the promotions module needs for history: commits, figures and previews.
import type { Provider } from '@nestjs/common';
import { PromotionCommitsResolver, SlotCommitsResolver } from '../graphql/commit-fields.resolver.ts';
import { DeliveryMetricsResolver } from '../graphql/delivery-metrics.resolver.ts';
import { DeliveryMetricsQueries } from './delivery-metrics-queries.ts';
import { HistoryStore } from './history-store.ts';
import { PrismaHistoryStore } from './prisma-history-store.ts';

/** Part of the module's providers. */
export const historyProviders: readonly Provider[] = [
  { provide: HistoryStore, useClass: PrismaHistoryStore },
  DeliveryMetricsQueries,
  DeliveryMetricsResolver,
  PromotionCommitsResolver,
  SlotCommitsResolver,
];
