// The partitions of the history of drift.
import type { HistoryMonth } from './domain/history-months.ts';

export abstract class HistoryStore {
  /** The names of the partitions. */
  abstract months(): Promise<string[]>;
  /** Makes it, unless it is there, and moves into it what had no month of its own. */
  abstract make(month: HistoryMonth): Promise<void>;
  abstract drop(table: string): Promise<void>;
  /** Episodes without a month of their own that ended before. */
  abstract dropStray(before: Date): Promise<void>;
}
