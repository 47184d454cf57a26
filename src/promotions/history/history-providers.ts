// What the promotions module needs for history: commits, figures and previews.
import type { Provider } from '@nestjs/common';
import { PromotionCommitsResolver, SlotCommitsResolver } from '../graphql/commit-fields.resolver.ts';
import { DeliveryMetricsResolver } from '../graphql/delivery-metrics.resolver.ts';
import { PromotionPreviewResolver } from '../graphql/promotion-preview.resolver.ts';
import { ChangeComparison } from '../preview/change-comparison.ts';
import { PreviewStore } from '../preview/preview-store.ts';
import { PrismaPreviewStore } from '../preview/prisma-preview-store.ts';
import { PromotionPreviews } from '../preview/promotion-preview.ts';
import { DeliveryMetricsQueries } from './delivery-metrics-queries.ts';
import { HistoryStore } from './history-store.ts';
import { PrismaHistoryStore } from './prisma-history-store.ts';
import { PromotionMetrics } from './promotion-metrics.ts';

/** Part of the module's providers. */
export const historyProviders: readonly Provider[] = [
  { provide: HistoryStore, useClass: PrismaHistoryStore },
  { provide: PreviewStore, useClass: PrismaPreviewStore },
  ChangeComparison,
  DeliveryMetricsQueries,
  DeliveryMetricsResolver,
  PromotionCommitsResolver,
  PromotionMetrics,
  PromotionPreviewResolver,
  PromotionPreviews,
  SlotCommitsResolver,
];
