// The rows that the figures of delivery are computed from.
import type { FigureWindow, History } from './domain/delivery-figures.ts';

/** Both given must match; neither: everything. */
export interface FigureScope {
  readonly application: string | undefined;
  readonly environment: string | undefined;
}

export abstract class HistoryStore {
  /** Which of the names of the scope do not exist, as `application` or `environment`. */
  abstract unknown(scope: FigureScope): Promise<(keyof FigureScope)[]>;
  /** Of one moment: three statements in one snapshot. */
  abstract history(scope: FigureScope, window: FigureWindow): Promise<History>;
}
