import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/activity/activity-log.ts';
import type { Transaction } from '../../src/platform/database/database.ts';
import { runMortal } from '../support/statement-kill.ts';
import { startFleet, type Fleet } from './delivery-fixture.ts';

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
beforeEach(() => fleet.sql('truncate outbox, event restart identity'));
afterAll(() => fleet.stop());

const did = (kind: string): NewEvent => ({ kind, actor: 'somebody', message: `did ${kind}` });

const readNotices = (tx: Pick<Transaction, 'sql'> = fleet) =>
  tx.sql<{ topic: string; payload: unknown }>('select topic, payload from outbox order by id');

/** Events and notices in turn, as the steps of a rollout tell them. */
async function tellInTurn(tx: Transaction): Promise<void> {
  await fleet.activity.notify(tx, [{ topic: 'health-rules.saved', payload: {} }]);
  await fleet.activity.record(tx, [did('a.one'), did('a.two')]);
  await fleet.activity.notify(tx, [{ topic: 'slots.changed', payload: { slots: [['1', '2']] } }]);
  await fleet.activity.record(tx, [did('a.three')]);
}

describe('the activity log', () => {
  it('writes all of a transaction with one statement at its end: the events as they came, then the notices', async () => {
    const { statements } = await runMortal(() =>
      fleet.database.transaction(async (tx) => {
        await tellInTurn(tx);
        expect(await readNotices(tx)).toEqual([]);
      }),
    );
    expect(statements.filter((text) => text.includes('insert into outbox'))).toHaveLength(1);
    expect(await fleet.sql('select kind from event order by id')).toEqual([
      { kind: 'a.one' },
      { kind: 'a.two' },
      { kind: 'a.three' },
    ]);
    expect(await readNotices()).toEqual([
      { topic: 'event.recorded', payload: { eventId: '1' } },
      { topic: 'event.recorded', payload: { eventId: '2' } },
      { topic: 'event.recorded', payload: { eventId: '3' } },
      { topic: 'health-rules.saved', payload: {} },
      { topic: 'slots.changed', payload: { slots: [['1', '2']] } },
    ]);
  });

  it('keeps what is told while the transaction ends, after what was told before', async () => {
    await fleet.database.transaction(async (tx) => {
      await fleet.activity.record(tx, [did('a.first')]);
      tx.beforeCommit(() => fleet.activity.record(tx, [did('a.last')]));
    });
    expect(await fleet.sql('select kind from event order by id')).toEqual([
      { kind: 'a.first' },
      { kind: 'a.last' },
    ]);
  });

  it('writes nothing of a transaction that is rolled back, and asks nothing of one that has nothing to tell', async () => {
    const failing = fleet.database.transaction(async (tx) => {
      await tellInTurn(tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const { statements } = await runMortal(() =>
      fleet.database.transaction(async (tx) => {
        await fleet.activity.record(tx, []);
        await fleet.activity.notify(tx, []);
      }),
    );
    expect(statements.filter((text) => text.includes('outbox'))).toEqual([]);
    expect(await readNotices()).toEqual([]);
  });
});
