import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE_SESSION_REPLACED } from '@fairlead/protocol/protocol-version';
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
import { until } from '../support/until.ts';

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
    expect(first).toMatchObject({ minProtocolVersion: 1, heartbeatIntervalMs: 500, refusal: null });
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

  it('of a protocol version that is not served names those that are', async () => {
    const agent = await enrol(hub, 'futurist');
    const hello = await sayHello(hub, agent.credential, { protocolVersion: 99 });
    expect(hello).toMatchObject({
      session: null,
      maxProtocolVersion: 1,
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
