import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { agentOf, batchOf, reportOf, startFleet, wrongRollups, type Fleet } from './delivery-fixture.ts';
import {
  ended,
  episodeRows,
  eventsOf,
  itemRows,
  reported,
  seedDriftFleet,
  type DriftFleet,
} from './drift-fixture.ts';

let fleet: Fleet;
let drift: DriftFleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet.stop());
beforeEach(async () => {
  drift = await seedDriftFleet(fleet);
});

const kinds = async () =>
  (await eventsOf(fleet)).map(({ kind }) => kind).filter((kind) => kind.startsWith('drift.'));
/** Rows that this work inserted, updated or deleted in the tables of reports. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const query = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0] as { readonly text?: string }).text;
    if (text) seen.push(text.trim());
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
    return seen;
  } finally {
    Client.prototype.query = query;
  }
}
const isWrite = (text: string) => /^(with|insert|update|delete)/.test(text);

describe('a report of drift', () => {
  it('opens items, keeps them while they are reported, and moves them to the history as the agent says', async () => {
    const difference = reported();
    await drift.report({ cluster: 'a', sequence: 1, drift: [difference] });
    const [opened] = await itemRows(fleet);
    expect(opened).toMatchObject({ episode: difference.episode, path: 'spec.replicas', live: '1' });
    await drift.report({ cluster: 'a', sequence: 2, drift: [{ ...difference, live: '2', healedCount: 1 }] });
    expect(await itemRows(fleet)).toMatchObject([{ id: opened!.id, live: '2', healed_count: 1 }]);
    await drift.report({ cluster: 'a', sequence: 3, drift: [ended(difference)] });
    expect(await itemRows(fleet)).toEqual([]);
    expect(await episodeRows(fleet)).toMatchObject([{ id: opened!.id, closed_by: 'HEALED' }]);
    expect(await kinds()).toEqual(['drift.opened', 'drift.healed']);
  });

  it('counts in the roll-ups, in the same transaction', async () => {
    await drift.report({ cluster: 'a', sequence: 1, drift: [reported(), reported({ path: 'spec.paused' })] });
    expect(await wrongRollups(fleet)).toEqual([]);
    const [slot] = await fleet.sql('select drifted, drift_items from slot_rollup');
    expect(slot).toEqual({ drifted: 1, drift_items: 2 });
    await drift.report({ cluster: 'a', sequence: 2, drift: [] });
    expect(await wrongRollups(fleet)).toEqual([]);
  });

  it('keeps what began and ended between two reports, once, however often it is said', async () => {
    const short = ended(reported());
    await drift.report({ cluster: 'a', sequence: 1, drift: [short] });
    await drift.report({ cluster: 'a', sequence: 2, drift: [short] });
    await drift.report({ cluster: 'a', sequence: 2, drift: [short] });
    expect(await episodeRows(fleet)).toHaveLength(1);
    expect(await kinds()).toEqual(['drift.opened', 'drift.healed']);
  });

  it('that comes late changes nothing, and its closed episodes are taken in when they are said again', async () => {
    const [one, two] = [reported(), reported({ path: 'spec.paused' })];
    await drift.report({ cluster: 'a', sequence: 5, drift: [one] });
    const verdicts = await drift.report({ cluster: 'a', sequence: 4, drift: [ended(one), two] });
    expect(verdicts).toEqual(['STALE']);
    expect(await itemRows(fleet)).toMatchObject([{ episode: one.episode }]);
    await drift.report({ cluster: 'a', sequence: 6, drift: [two, ended(one)] });
    expect(await itemRows(fleet)).toMatchObject([{ episode: two.episode }]);
    expect(await episodeRows(fleet)).toMatchObject([{ episode: one.episode }]);
  });

  it('takes in closed episodes although nothing else is news', async () => {
    const row = await drift.rowOf('shop', 'a');
    const report = { ...reportOf(row), drift: [] };
    const send = (sequence: number, closed: readonly ReturnType<typeof ended>[]) =>
      fleet.reports.report(agentOf(drift.seeded, 'a'), batchOf(sequence, [{ ...report, drift: closed }]));
    await send(1, []);
    expect((await send(2, [ended(reported())])).verdicts).toEqual(['UNCHANGED']);
    expect(await episodeRows(fleet)).toHaveLength(1);
  });

  it('ends what a whole list does not hold any more, and nothing by a truncated one', async () => {
    const [one, two] = [reported(), reported({ path: 'spec.paused' })];
    await drift.report({ cluster: 'a', sequence: 1, drift: [one, two] });
    await drift.report({ cluster: 'a', sequence: 2, drift: [one], truncated: true });
    expect(await itemRows(fleet)).toHaveLength(2);
    await drift.report({ cluster: 'a', sequence: 3, drift: [one] });
    expect(await itemRows(fleet)).toMatchObject([{ episode: one.episode }]);
    expect(await episodeRows(fleet)).toMatchObject([{ episode: two.episode, closed_by: 'REVERTED' }]);
  });

  it('puts the times of a wrong clock right', async () => {
    const hour = 3_600_000;
    const at = (ms: number) => new Date(Date.now() + hour + ms).toISOString();
    await drift.report({
      cluster: 'a',
      sequence: 1,
      sentAt: new Date(Date.now() + hour),
      drift: [
        reported({ firstSeenAt: at(-120_000) }),
        ended(reported({ firstSeenAt: at(-60_000), path: 'spec.paused' })),
      ],
    });
    const [item] = await itemRows(fleet);
    const [episode] = await episodeRows(fleet);
    const ago = (date: Date) => Math.round((Date.now() - date.getTime()) / 10_000);
    expect([ago(item!.first_seen_at), ago(episode!.first_seen_at)]).toEqual([12, 6]);
    expect(episode!.closed_at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('tells of a fight once, and of nothing that controllers do', async () => {
    const fought = reported({ manager: 'scaler', managerClass: 'CONTROLLER' });
    await drift.report({ cluster: 'a', sequence: 1, drift: [fought] });
    await drift.report({ cluster: 'a', sequence: 2, drift: [{ ...fought, contested: true }] });
    await drift.report({
      cluster: 'a',
      sequence: 3,
      drift: [{ ...fought, contested: true, healedCount: 9 }],
    });
    expect(await kinds()).toEqual(['drift.contested']);
  });

  it('is told as one event, however many fields it concerns', async () => {
    const many = Array.from({ length: 300 }, (_, index) => reported({ path: `spec.field${index}` }));
    await drift.report({ cluster: 'a', sequence: 1, drift: many });
    const events = (await eventsOf(fleet)).filter(({ kind }) => kind === 'drift.opened');
    expect(events).toHaveLength(1);
    expect(events[0]?.message).toMatch(/kubectl-edit changed .* and 297 more\.$/);
  });

  it('keeps no value that is marked as secret', async () => {
    await drift.report({
      cluster: 'a',
      sequence: 1,
      drift: [reported({ masked: true, desired: '"canary-1"', live: '"canary-2"' })],
    });
    const rows = await fleet.sql<{ row: string }>('select d::text as row from drift_item d');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('canary');
  });

  it('of many instances costs a handful of statements, and none of drift where nothing changed', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
    drift = await seedDriftFleet(fleet, names);
    const rows = await Promise.all(names.map((name) => drift.rowOf('shop', name)));
    const differences = names.map(() =>
      Array.from({ length: 5 }, (_, index) => reported({ path: `spec.f${index}` })),
    );
    const send = (sequence: number) =>
      Promise.all(
        names.map((name, index) => {
          const report = { ...reportOf(rows[index]!, { driftCount: 5 }), drift: differences[index]! };
          return fleet.reports.report(agentOf(drift.seeded, name), batchOf(sequence, [report]));
        }),
      );
    const first = await statementsOf(() => send(1));
    expect(await itemRows(fleet)).toHaveLength(200);
    expect(first.filter((text) => /drift_item|drift_episode/.test(text)).length).toBeLessThanOrEqual(2 * 4);
    const again = await statementsOf(() => send(2));
    expect(again.filter((text) => text.includes('drift_'))).toSatisfy((texts: string[]) =>
      texts.every((text) => !isWrite(text) && !text.includes('from drift_item')),
    );
  });
});

describe('the end of an instance', () => {
  it('ends its drift, and leaves that of others', async () => {
    await drift.report({ cluster: 'a', sequence: 1, drift: [reported()] });
    await drift.report({ cluster: 'b', sequence: 1, drift: [reported()] });
    const row = await drift.rowOf('shop', 'a');
    await fleet.sql(`update cluster set label_kv = '{}', labels = '{}' where name = 'a'`);
    await fleet.follow(
      { clusterIds: [drift.seeded.clusterIds.get('a')!] },
      { prune: false, confirmRemovals: 'ANY' },
    );
    const notices = await fleet.sql<{ payload: { instanceIds: string[] } }>(
      `select payload from outbox where topic = 'instances.ended'`,
    );
    expect(notices.flatMap(({ payload }) => payload.instanceIds)).toEqual([String(row.id)]);
    await fleet.drift.endOf([row.id]);
    expect(await itemRows(fleet)).toHaveLength(1);
    expect(await episodeRows(fleet)).toMatchObject([{ closed_by: 'GONE' }]);
  });

  it('is found by the sweep where nobody told of it', async () => {
    await drift.report({ cluster: 'a', sequence: 1, drift: [reported()] });
    await fleet.sql('delete from instance where cluster_id = $1', [drift.seeded.clusterIds.get('a')!]);
    await fleet.drift.sweep();
    expect(await itemRows(fleet)).toEqual([]);
    expect(await episodeRows(fleet)).toMatchObject([{ closed_by: 'GONE' }]);
  });
});
