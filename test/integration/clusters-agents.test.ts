import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismaSessionStore } from '../../src/clusters/prisma-session-store.ts';
import type { SaidHello } from '../../src/clusters/session-store.ts';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { decodeId } from '../../src/platform/graphql/opaque-id.ts';
import { PinoLog } from '../../src/platform/logging/pino-log.ts';
import {
  CLOSE_REVOKED,
  CLOSE_SESSION_REPLACED,
  MIN_PROTOCOL_VERSION,
  PROTOCOL_VERSION,
} from '@fairlead/protocol/protocol-version';
import {
  enrol,
  helloInput,
  helloMutation,
  newAgentKey,
  openSocket,
  renew,
  sayHello,
  type Hello,
} from '../support/agent-client.ts';
import { clusterViews } from '../support/cluster-view.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { statementsOf } from './delivery-statements.ts';
import { runMortal } from '../support/statement-kill.ts';
import { until } from '../support/until.ts';

/** Shorter than the half minute after which a hub asks by itself. */
const AT_ONCE = { timeoutMs: 5_000 };

let hub: TestHub;
let db: Client;
const { cluster, kindsOf, works } = clusterViews(() => hub);
beforeAll(async () => {
  hub = await startTestHub({ FAIRLEAD_STALE_AFTER: '1500ms', FAIRLEAD_OFFLINE_AFTER: '3s' });
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});

describe('a credential', () => {
  it('is renewed by the key alone, and the old one is good until the new one was used', async () => {
    const agent = await enrol(hub, 'renewing');
    expect(await works(agent.credential)).toBe(true);
    const { credential } = await renew(hub, agent);
    expect(await works(agent.credential)).toBe(true);
    expect(await works(credential ?? '')).toBe(true);
    expect(await works(agent.credential)).toBe(false);
  });

  it('that has expired is worth nothing, and is still renewed', async () => {
    const agent = await enrol(hub, 'a-week-away');
    await db.query(`update cluster_credential set expires_at = now() - interval '1 s'`);
    expect(await works(agent.credential)).toBe(false);
    const { credential } = await renew(hub, agent);
    expect(await works(credential ?? '')).toBe(true);
  });

  it('is not renewed for a signature of another key, nor of another text', async () => {
    const agent = await enrol(hub, 'forged');
    const stranger = { ...agent, key: newAgentKey() };
    expect((await renew(hub, stranger)).refusal?.code).toBe('RENEWAL_SIGNATURE_INVALID');
    const change = { issuedAt: new Date(Date.now() + 1_000).toISOString() };
    expect((await renew(hub, agent, { change })).refusal?.code).toBe('RENEWAL_SIGNATURE_INVALID');
  });

  it('is not renewed a second time by what somebody recorded', async () => {
    const agent = await enrol(hub, 'recorded');
    const issuedAt = new Date().toISOString();
    expect((await renew(hub, agent, { issuedAt })).refusal).toBeNull();
    expect((await renew(hub, agent, { issuedAt })).refusal?.code).toBe('RENEWAL_REPLAYED');
  });

  it('of an agent with a wrong clock is renewed once it signs with the hub’s time', async () => {
    const agent = await enrol(hub, 'skewed');
    const refused = await renew(hub, agent, { issuedAt: '2020-01-01T00:00:00.000Z' });
    expect(refused.refusal?.code).toBe('RENEWAL_TIME');
    expect((await renew(hub, agent, { issuedAt: refused.hubTime })).refusal).toBeNull();
  });

  it('is not believed where its cluster was revoked in the moment of its first use', async () => {
    const agent = await enrol(hub, 'too-late');
    await db.query('begin');
    await db.query("update cluster set revoked_at = now() where name = 'too-late'");
    await db.query(
      "delete from cluster_credential where cluster_id = (select id from cluster where name = 'too-late')",
    );
    const used = works(agent.credential);
    // It was found to be good, and waits for this transaction where its first use is noted.
    await until('its use to wait', async () => {
      const { rows } = await db.query(
        'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
      );
      return rows.length > 0;
    });
    await db.query('commit');
    expect(await used).toBe(false);
  });

  it('is for agents’ operations alone', async () => {
    const agent = await enrol(hub, 'curious');
    const answer = await hub.answer('{ clusters { nodes { name } } }', {}, agent.credential);
    expect(answer.errors?.[0]).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
      message: expect.stringContaining('agent of cluster "curious"'),
    });
    const other = await hub.answer(helloMutation, { input: helloInput });
    expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('hello', () => {
  it('begins a session with a higher number each time, and makes the cluster ONLINE', async () => {
    const agent = await enrol(hub, 'greeter');
    const first = await sayHello(hub, agent.credential);
    const second = await sayHello(hub, agent.credential);
    expect(first).toMatchObject({
      minProtocolVersion: MIN_PROTOCOL_VERSION,
      heartbeatIntervalMs: 500,
      refusal: null,
    });
    expect(second.session).toBe((first.session ?? 0) + 1);
    expect(second.epoch).toMatch(/^[0-9a-f]{32}$/);
    expect(await cluster('greeter')).toMatchObject({ connectionState: 'ONLINE' });
    expect((await kindsOf('greeter')).slice(0, 2)).toEqual(['cluster.joined', 'cluster.online']);
  });

  it('gives no number twice to two agents of one cluster that begin at once', async () => {
    const agent = await enrol(hub, 'twins');
    const hellos = await Promise.all(Array.from({ length: 8 }, () => sayHello(hub, agent.credential)));
    expect(new Set(hellos.map(({ session }) => session)).size).toBe(8);
  });

  it('of one moment are carried by one statement: in their order, none for a revoked cluster, and the last of each is kept', async () => {
    const [first, gone, second] = [
      await enrol(hub, 'crowd-1'),
      await enrol(hub, 'crowd-2'),
      await enrol(hub, 'crowd-3'),
    ];
    const ids = [first, gone, second].map(({ clusterId }) => decodeId('cluster', clusterId));
    const [one = 0n, two = 0n] = ids;
    await db.query('update cluster set revoked_at = now() where id = $1', [two]);
    const { epoch } = await sayHello(hub, first.credential);
    const said = (agentVersion: string, appliedGeneration: number, of: string | null | undefined = epoch) =>
      ({
        ...helloInput,
        capabilities: ['heal', 'a, "b"'],
        agentVersion,
        appliedGeneration,
        epoch: of ?? null,
      }) as const;
    const database = new PostgresDatabase(hub.databaseUrl, new PinoLog('error'));
    const by = (agent: typeof first, hello: SaidHello['said']): SaidHello => ({
      caller: { clusterId: decodeId('cluster', agent.clusterId) ?? 0n, publicKey: agent.key.publicKey },
      said: hello,
    });
    const { statements } = await runMortal(async () => {
      const sessions = await database.transaction((tx) =>
        new PrismaSessionStore().begin(tx, [
          by(first, said('1', 5)),
          by(gone, said('2', 6)),
          by(second, said('3', 7, 'of another database')),
          { ...by(first, said('of the agent before', 9)), caller: { clusterId: one, publicKey: 'another' } },
          by(first, said('4', 8)),
        ]),
      );
      expect(sessions.map((begun) => begun?.session)).toEqual([2n, undefined, 1n, undefined, 3n]);
      expect(new Set(sessions.map((begun) => begun?.epoch))).toEqual(new Set([epoch, undefined]));
    });
    await database.close();
    expect(statements.filter((text) => text.includes('session'))).toHaveLength(1);
    const { rows } = await db.query(
      'select agent_version, applied_generation::int, capabilities from cluster where id = any($1::bigint[]) order by id',
      [ids],
    );
    expect(rows).toMatchObject([
      { agent_version: '4', applied_generation: 8, capabilities: ['heal', 'a, "b"'] },
      { applied_generation: 0, capabilities: [] },
      { agent_version: '3', applied_generation: 0 },
    ]);
  });

  it('is answered though many come at once and one of them is no good, and all older sockets are closed', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `many-${n}`);
    const agents = await Promise.all(names.map((name) => enrol(hub, name)));
    const older = await Promise.all(agents.map(({ credential }) => openSocket(hub, credential)));
    const bad = { input: { ...helloInput, agentVersion: 'v\u0000' } };
    const [first] = agents;
    const transactions = await statementsOf(async () => {
      const [refused, ...hellos] = await Promise.all([
        hub.answer(helloMutation, bad, first?.credential),
        ...agents.map(({ credential }) => sayHello(hub, credential)),
      ]);
      expect(refused.errors?.[0]?.extensions.code).toBe('INVALID');
      expect(hellos.map(({ session }) => session)).toEqual(agents.map(() => 1));
    }, /update cluster c\s+set session/);
    expect(transactions.length).toBeLessThan(15);
    const closed = await Promise.all(older.map((socket) => socket.closed));
    expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([CLOSE_SESSION_REPLACED]));
  });

  it('closes the sockets of older sessions and not the one that it came over', async () => {
    const agent = await enrol(hub, 'moved');
    const older = await openSocket(hub, agent.credential);
    const newer = await openSocket(hub, agent.credential);
    const { agentHello } = await newer.ask<{ agentHello: Hello }>(helloMutation, { input: helloInput });
    expect(await older.closed).toMatchObject({ code: CLOSE_SESSION_REPLACED });
    expect(agentHello.session).toBeGreaterThan(0);
    expect(await newer.ping()).toEqual({ nextPingMs: 500 });
    newer.stop();
  });

  it('leaves a socket alone that is opened after it', async () => {
    const agent = await enrol(hub, 'orderly');
    await sayHello(hub, agent.credential);
    const socket = await openSocket(hub, agent.credential);
    await sayHello(hub, (await enrol(hub, 'neighbour')).credential);
    expect(await socket.ping()).toEqual({ nextPingMs: 500 });
    socket.stop();
  });

  it('of an agent that would not obey a ServiceAccount is refused, since it would write with all of its rights', async () => {
    const agent = await enrol(hub, 'veteran');
    const hello = await sayHello(hub, agent.credential, { protocolVersion: 1 });
    expect(hello.refusal?.code).toBe('PROTOCOL_UNSUPPORTED');
  });

  it('of a protocol version that is not served names those that are', async () => {
    const agent = await enrol(hub, 'futurist');
    const hello = await sayHello(hub, agent.credential, { protocolVersion: 99 });
    expect(hello).toMatchObject({
      session: null,
      maxProtocolVersion: PROTOCOL_VERSION,
      refusal: { code: 'PROTOCOL_UNSUPPORTED' },
    });
    expect(hello.refusal?.message).toContain('99');
  });
});

describe('the connection state', () => {
  it('goes from ONLINE to STALE to OFFLINE in silence and back with the next word, each told once', async () => {
    const agent = await enrol(hub, 'quiet');
    await sayHello(hub, agent.credential);
    await until('cluster.offline', async () => (await kindsOf('quiet')).includes('cluster.offline'), {
      timeoutMs: 15_000,
    });
    expect(await cluster('quiet')).toMatchObject({ connectionState: 'OFFLINE' });
    await sayHello(hub, agent.credential);
    expect(await cluster('quiet')).toMatchObject({ connectionState: 'ONLINE' });
    expect(await kindsOf('quiet')).toEqual([
      'cluster.joined',
      'cluster.online',
      'cluster.stale',
      'cluster.offline',
      'cluster.online',
    ]);
  });

  it('stays ONLINE while pings come', async () => {
    const agent = await enrol(hub, 'lively');
    const socket = await openSocket(hub, agent.credential);
    await socket.ask(helloMutation, { input: helloInput });
    const until3s = Date.now() + 3_000;
    await until(
      'three seconds of pings',
      async () => {
        await socket.ping();
        return Date.now() > until3s;
      },
      { intervalMs: 300 },
    );
    expect(await cluster('lively')).toMatchObject({ connectionState: 'ONLINE' });
    expect(await kindsOf('lively')).toEqual(['cluster.joined', 'cluster.online']);
    socket.stop();
  });
});

describe('a lost message between replicas', () => {
  it('leaves no socket of a revoked cluster open: what was missed is looked up when the fan-out is back', async () => {
    const agent = await enrol(hub, 'unheard');
    const socket = await openSocket(hub, agent.credential);
    const bystander = await openSocket(hub, (await enrol(hub, 'unharmed')).credential);
    await db.query(`update cluster set revoked_at = now() where name = 'unheard'`);
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'fairlead-listen' and datname = current_database()`);
    expect(await until('the socket to be closed at once', () => socket.closed, AT_ONCE)).toMatchObject({
      code: CLOSE_REVOKED,
    });
    expect(await bystander.ping()).toEqual({ nextPingMs: 500 });
    bystander.stop();
  });
});

describe('deleting a cluster with prune', () => {
  const remove = (name: string) =>
    hub.graphql<{ deleteCluster: { deleted: boolean | null; refusal: { code: string } | null } }>(
      'mutation ($name: String!) { deleteCluster(name: $name, prune: true) { deleted refusal { code message } } }',
      { name },
    );
  /** A tombstone that the agent has not acknowledged. */
  const leaveTombstone = (name: string) =>
    db.query(
      `insert into instance (tracking_id, cluster_id, application_name, environment_name, tombstone)
       select replace(gen_random_uuid()::text, '-', ''), id, 'shop', 'prod', 'PRUNE' from cluster where name = $1`,
      [name],
    );

  it('waits until its agent has acknowledged the last tombstone', async () => {
    const agent = await enrol(hub, 'tidy');
    await sayHello(hub, agent.credential);
    await leaveTombstone('tidy');
    expect((await remove('tidy')).deleteCluster).toEqual({ deleted: true, refusal: null });
    expect(await works(agent.credential)).toBe(true);
    expect(await cluster('tidy')).not.toBeNull();
    await db.query(`delete from instance where cluster_id = (select id from cluster where name = 'tidy')`);
    await until('the cluster to be forgotten', async () => (await cluster('tidy')) === null);
    expect((await kindsOf('tidy')).slice(-2)).toEqual(['cluster.deleting', 'cluster.deleted']);
  });

  it('is refused while no agent is there to do it', async () => {
    await enrol(hub, 'away');
    await leaveTombstone('away');
    expect((await remove('away')).deleteCluster).toMatchObject({
      deleted: null,
      refusal: { code: 'CLUSTER_NOT_ONLINE' },
    });
    expect(await cluster('away')).not.toBeNull();
  });
});
