import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DriftHistory } from '../../src/drift/drift-history.ts';
import { PrismaHistoryStore } from '../../src/drift/prisma-history-store.ts';
import { PinoLog } from '../../src/platform/logging/pino-log.ts';
import { startFleet, type Fleet } from './delivery-fixture.ts';
import { ended, reported, seedDriftFleet, type DriftFleet } from './drift-fixture.ts';

let fleet: Fleet;
let drift: DriftFleet;
let at: Date;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet.stop());
beforeEach(async () => {
  drift = await seedDriftFleet(fleet);
  at = new Date();
});

const keep = (keepDays = 90) => {
  const config = { driftHistoryDays: keepDays } as ConstructorParameters<typeof DriftHistory>[1];
  return new DriftHistory(
    new PrismaHistoryStore(fleet.database),
    config,
    { now: () => at },
    new PinoLog('error'),
  ).keep();
};
const months = () => new PrismaHistoryStore(fleet.database).months();
const tableOf = async (): Promise<readonly string[]> =>
  (await fleet.sql<{ name: string }>('select distinct tableoid::regclass::text name from drift_episode')).map(
    ({ name }) => name,
  );
const monthName = (date: Date) =>
  `drift_episode_${date.getUTCFullYear()}_${String(date.getUTCMonth() + 1).padStart(2, '0')}`;

describe('the history of drift', () => {
  it('is in a month of its own, also what came before the month was there', async () => {
    await drift.report({ cluster: 'a', sequence: 1, drift: [ended(reported())] });
    expect(await tableOf()).toEqual(['drift_episode_default']);
    await keep();
    await drift.report({ cluster: 'a', sequence: 2, drift: [ended(reported({ path: 'spec.paused' }))] });
    expect(await tableOf()).toEqual([monthName(at)]);
    const [row] = await fleet.sql<{ count: bigint }>('select count(*) from drift_episode');
    expect(row?.count).toBe(2n);
  });

  it('has its months made ahead, by several at once as by one', async () => {
    await Promise.all([keep(), keep(), keep()]);
    const there = await months();
    expect(there).toContain(monthName(at));
    expect(there.filter((name) => name !== 'drift_episode_default').length).toBeGreaterThanOrEqual(3);
    await keep();
    expect(await months()).toEqual(there);
  });

  it('is forgotten after the set time, by whole months', async () => {
    await keep();
    await drift.report({ cluster: 'a', sequence: 1, drift: [ended(reported())] });
    const first = monthName(at);
    at = new Date(at.getTime() + 200 * 24 * 3_600_000);
    await keep();
    expect(await months()).not.toContain(first);
    expect(await fleet.sql('select from drift_episode')).toEqual([]);
  });
});
