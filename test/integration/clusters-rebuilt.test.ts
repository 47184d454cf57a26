// A rebuilt cluster takes the place of the one before, whose agent may still speak.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE_REVOKED } from '@fairlead/protocol/protocol-version';
import {
  createJoinToken,
  enrol,
  helloInput,
  helloMutation,
  joinCluster,
  newAgentKey,
  openSocket,
  renew,
  sayHello,
} from '../support/agent-client.ts';
import { clusterViews } from '../support/cluster-view.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

/** Shorter than the half minute after which a hub asks by itself. */
const AT_ONCE = { timeoutMs: 5_000 };

let hub: TestHub;
let db: Client;
const { cluster, eventsOf, works } = clusterViews(() => hub);
beforeAll(async () => {
  hub = await startTestHub();
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});

const revoke = (name: string) =>
  hub.graphql('mutation ($name: String!) { revokeCluster(name: $name, reason: "x") { refusal { code } } }', {
    name,
  });

/** Commits the statement when what was begun after it waits for its locks; `late` is what was begun, still under way. */
async function whileLocked<Value>(
  statement: string,
  values: readonly unknown[],
  begin: () => Promise<Value>,
): Promise<{ readonly late: Promise<Value> }> {
  await db.query('begin');
  try {
    await db.query(statement, [...values]);
    const late = begin();
    await until('it to wait for the statement', async () => {
      const { rowCount } = await db.query(
        'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
      );
      return rowCount;
    });
    await db.query('commit');
    return { late };
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
}

const pong = { nextPingMs: expect.any(Number) };

describe('a rebuilt cluster', () => {
  it('takes the old one’s place, ends its credentials and sockets, and is told of in activity', async () => {
    const old = await enrol(hub, 'rebuilt', { env: 'prod' });
    const socket = await openSocket(hub, old.credential);
    const token = await createJoinToken(hub, { clusterName: 'rebuilt', replaces: 'rebuilt' });
    const joined = await joinCluster(hub, token);
    expect(joined).toMatchObject({ clusterId: old.clusterId, refusal: null });
    expect(await socket.closed).toMatchObject({ code: CLOSE_REVOKED });
    expect(await works(old.credential)).toBe(false);
    expect(await cluster('rebuilt')).toMatchObject({ labels: { env: 'prod' } });
    expect((await eventsOf('rebuilt'))[0]?.message).toContain('took the place of "rebuilt"');
    expect((await renew(hub, old)).refusal?.code).toBe('RENEWAL_SIGNATURE_INVALID');
  });

  it('that was revoked lives again', async () => {
    await enrol(hub, 'phoenix');
    await hub.graphql(
      'mutation { revokeCluster(name: "phoenix", reason: "stolen") { cluster { connectionState } } }',
    );
    const joined = await joinCluster(
      hub,
      await createJoinToken(hub, { clusterName: 'phoenix', replaces: 'phoenix' }),
    );
    expect(await works(joined.credential ?? '')).toBe(true);
  });

  it('keeps its socket where a message that ends a former agent’s comes late, or twice', async () => {
    const told: string[] = [];
    db.on('notification', ({ payload = '' }) => void told.push(payload));
    await db.query('listen fairlead');
    const closing = () => told.filter((payload) => payload.includes('"topic":"agents.close"'));
    const first = await openSocket(hub, (await enrol(hub, 'overtaking')).credential);
    const replace = () => enrol(hub, 'overtaking', {}, { replaces: 'overtaking' });
    const second = await openSocket(hub, (await replace()).credential);
    expect(await first.closed).toMatchObject({ code: CLOSE_REVOKED });
    await revoke('overtaking');
    expect(await second.closed).toMatchObject({ code: CLOSE_REVOKED });
    const third = await openSocket(hub, (await replace()).credential);
    await until('the messages of three ends', () => closing().length === 3);
    await db.query('select pg_notify($1, message) from unnest($2::text[]) message', ['fairlead', closing()]);
    // Messages come in their order: this one's end says that those before were heard.
    const last = await openSocket(hub, (await enrol(hub, 'revoked-after')).credential);
    await revoke('revoked-after');
    await last.closed;
    expect(await Promise.race([third.closed, third.ping()])).toEqual(pong);
    third.stop();
  });

  it('does not lose its session to a hello of the old agent that was let in before and carried out after', async () => {
    const old = await enrol(hub, 'slow-hello');
    await sayHello(hub, old.credential);
    const session = async () =>
      (await db.query("select session::int from cluster where name = 'slow-hello'")).rows;
    const before = await session();
    const { late } = await whileLocked(
      "update cluster set public_key = $1 where name = 'slow-hello'",
      [newAgentKey().publicKey],
      () => hub.answer(helloMutation, { input: helloInput }, old.credential),
    );
    expect((await late).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await session()).toEqual(before);
  });

  it('is not spoken for by an open socket of the old one, though the message that ends it was lost', async () => {
    const old = await openSocket(hub, (await enrol(hub, 'unheard')).credential);
    const bystander = await openSocket(hub, (await enrol(hub, 'unharmed')).credential);
    await db.query("update cluster set public_key = $1 where name = 'unheard'", [newAgentKey().publicKey]);
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'fairlead-listen' and datname = current_database()`);
    expect(await until('the socket to be closed at once', () => old.closed, AT_ONCE)).toMatchObject({
      code: CLOSE_REVOKED,
    });
    expect(await Promise.race([bystander.closed, bystander.ping()])).toEqual(pong);
    bystander.stop();
  });
});
