// Lets those meet that race: none of them goes on, or gets the slot, before all are there.
import type { Database } from '../../src/platform/database/database.ts';
import { until } from './until.ts';

/** Holds every slot until `count` others queue up for it; answers what became of them. */
export async function whileAllWait<Result>(
  { database }: { readonly database: Database },
  count: number,
  work: () => Promise<Result>[],
): Promise<Result[]> {
  const { waiting } = await database.transaction(async (tx) => {
    await tx.sql('select id from slot for update');
    const begun = { waiting: work() };
    await until(`${count} to wait for the slot`, async () => (await waitingForLocks(database)) >= count);
    return begun;
  });
  return Promise.all(waiting);
}

async function waitingForLocks({ sql }: Database): Promise<number> {
  const [row] = await sql<{ count: number }>(
    `select count(*)::int count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

/** Two that wait for each other, once. */
export function barrier(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === 2) resolve();
    return promise;
  };
}
