// Keeps the history of drift for the set time: makes the months that come, and drops those that are too old.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.ts';
import { Config } from '../platform/config/config.ts';
import { Log } from '../platform/logging/log.ts';
import { monthsToDrop, monthsToMake } from './domain/history-months.ts';
import { HistoryStore } from './history-store.ts';

@Injectable()
export class DriftHistory {
  constructor(
    private readonly store: HistoryStore,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The same again does nothing. */
  async keep(): Promise<void> {
    const now = this.clock.now();
    const keepDays = this.config.driftHistoryDays;
    const there = await this.store.months();
    for (const month of monthsToMake(now)) {
      if (!there.includes(month.table)) await this.store.make(month);
    }
    for (const table of monthsToDrop(there, now, keepDays)) {
      await this.store.drop(table);
      this.log.info('a month of the history of drift was dropped', { table, keepDays });
    }
    await this.store.dropStray(new Date(now.getTime() - keepDays * 24 * 3_600_000));
  }
}
