// The months of the history of drift: each is a partition. Pure.

/** A month in UTC. */
export interface HistoryMonth {
  /** Of the partition: `drift_episode_2026_05`. */
  readonly table: string;
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

const AHEAD = 2;
const TABLE = /^drift_episode_(\d{4})_(\d{2})$/;

/** This month, and those that must be there before they begin. */
export function monthsToMake(now: Date): HistoryMonth[] {
  return Array.from({ length: AHEAD + 1 }, (_, index) =>
    monthOf(now.getUTCFullYear(), now.getUTCMonth() + index),
  );
}

/** Of these partitions, those that ended before everything that is to be kept; other tables are none of them. */
export function monthsToDrop(tables: readonly string[], now: Date, keepDays: number): string[] {
  const oldest = now.getTime() - keepDays * 24 * 3_600_000;
  return tables.filter((table) => {
    const [, year, month] = TABLE.exec(table) ?? [];
    return year !== undefined && monthOf(Number(year), Number(month) - 1).to.getTime() <= oldest;
  });
}

function monthOf(year: number, month: number): HistoryMonth {
  const from = new Date(Date.UTC(year, month, 1));
  const to = new Date(Date.UTC(year, month + 1, 1));
  const number = String(from.getUTCMonth() + 1).padStart(2, '0');
  return { table: `drift_episode_${from.getUTCFullYear()}_${number}`, from, to };
}
