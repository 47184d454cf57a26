// Answers the figures of delivery for a scope and a window.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.ts';
import { AppError, notFound } from '../../platform/errors.ts';
import { deliveryFigures, type DeliveryFigures, type FigureWindow } from './domain/delivery-figures.ts';
import { HistoryStore, type FigureScope } from './history-store.ts';

@Injectable()
export class DeliveryMetricsQueries {
  constructor(
    private readonly store: HistoryStore,
    private readonly clock: Clock,
  ) {}

  /** A window that reaches into the future ends now: an open failure must not look older than it is. */
  async figures(scope: FigureScope, { from, to }: FigureWindow): Promise<DeliveryFigures> {
    if (from >= to) throw new AppError('INVALID', 'deliveryMetrics: `from` must lie before `to`.');
    const [unknown] = await this.store.unknown(scope);
    if (unknown)
      throw notFound(unknown === 'application' ? 'Application' : 'Environment', scope[unknown] ?? '');
    const now = this.clock.now();
    const window = { from, to: to > now && from < now ? now : to };
    return deliveryFigures(await this.store.history(scope, window), window);
  }
}
