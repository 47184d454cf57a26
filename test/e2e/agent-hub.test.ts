// The agent as a process, against the real hub, over a link that fails as networks do.
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { startAgentWorld, type AgentWorld } from '../support/agent-world.ts';
import { startFaultyLink, type FaultyLink, type SeenRequest } from '../support/faulty-link.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let link: FaultyLink;
let db: Client;
let worlds: AgentWorld[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  link = await startFaultyLink(hub.url);
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
});

afterEach(async () => {
  link.setDown(false);
  link.changeAnswersTo(undefined);
  await Promise.all(worlds.map((each) => each.stop()));
  worlds = [];
});

afterAll(async () => {
  await db.end();
  await link.stop();
  await hub.stop();
});

async function world(name: string): Promise<AgentWorld> {
  const started = await startAgentWorld(hub, link.url, name);
  worlds.push(started);
  return started;
}

const isOf = (operation: string) => (request: SeenRequest) =>
  request.body.includes(`"operationName":"${operation}"`);

describe('an agent', () => {
  it('joins, applies what is assigned, reports it, and says goodbye on SIGTERM', async () => {
    const cluster = await world('joins');
    const port = await freePort();
    const agent = cluster.start({ FAIRLEAD_AGENT_PORT: String(port) });
    await cluster.synced(1);
    expect(await cluster.connectionState()).toBe('ONLINE');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(await ready.json()).toEqual({ joined: true, assignmentsKnown: true, connected: true });
    expect(await agent.end()).toBe(0);
    expect(await cluster.text()).toBe('one');
    // Of credential and join token there is no trace in the log.
    expect(agent.output()).not.toMatch(/fl_(agent|join)_\w/);
  });

  it('is not locked out by a join whose answer is lost, though the token was for one use', async () => {
    const cluster = await world('lost-answer');
    const before = link.seen.filter(isOf('JoinCluster')).length;
    link.loseAnswerTo(isOf('JoinCluster'));
    cluster.start();
    await cluster.synced(1);
    expect(link.seen.filter(isOf('JoinCluster')).length - before).toBe(2);
  });

  it('keeps its identity when it is killed, and needs no join token any more', async () => {
    const cluster = await world('killed');
    await cluster.start().end('SIGKILL');
    const first = cluster.start();
    await cluster.synced(1);
    await first.end('SIGKILL');
    const joins = link.seen.filter(isOf('JoinCluster')).length;
    const second = cluster.start({ FAIRLEAD_JOIN_TOKEN: '' });
    await until('the second agent to be connected', () => second.said('connected to the hub'));
    expect(link.seen.filter(isOf('JoinCluster')).length).toBe(joins);
  });

  it('stops with a code of its own where the hub refuses the join', async () => {
    const cluster = await world('refused');
    const agent = cluster.start({ FAIRLEAD_JOIN_TOKEN: 'fl_join_unknown' });
    expect(await agent.exited).toBe(3);
    expect(agent.said('JOIN_TOKEN_UNKNOWN')).toBe(true);
  });

  it('renews a credential that has expired while it was away', async () => {
    const cluster = await world('expired');
    const first = cluster.start();
    await cluster.synced(1);
    await first.end();
    await db.query(`update cluster_credential set expires_at = now() - interval '1 s'`);
    const second = cluster.start({ FAIRLEAD_JOIN_TOKEN: '' });
    await until('a renewal', () => second.said('credential renewed'));
    await until('the agent to be connected', () => second.said('connected to the hub'));
  });

  it('stops when its cluster is revoked, and leaves what runs', async () => {
    const cluster = await world('revoked');
    const agent = cluster.start();
    await cluster.synced(1);
    await hub.graphql('mutation { revokeCluster(name: "revoked", reason: "lost") { refusal { message } } }');
    expect(await agent.exited).toBe(4);
    expect(await cluster.text()).toBeDefined();
    expect(await cluster.start().exited).toBe(4);
  });

  it('stops when another agent of the same cluster begins a session', async () => {
    const cluster = await world('twice');
    const first = cluster.start();
    await cluster.synced(1);
    const second = cluster.start();
    expect(await first.exited).toBe(5);
    expect(first.said('run one agent per cluster')).toBe(true);
    await until('the second agent to be connected', () => second.said('connected to the hub'));
  });
});

describe('while the hub is away, an agent', () => {
  it('heals from its disk, also after a restart, and reports when the hub is back', async () => {
    const cluster = await world('partition');
    const first = cluster.start();
    await cluster.synced(1);
    link.setDown(true);
    await cluster.removeSettings();
    await until('the object to be back', () => cluster.text());
    await first.end('SIGKILL');
    const second = cluster.start();
    await until('the agent to go on', () => second.said('going on from the assignments on disk'));
    await cluster.removeSettings();
    await until('the object to be back again', () => cluster.text());
    expect(second.said('connected to the hub')).toBe(false);
    link.setDown(false);
    await until('the agent to be connected', () => second.said('connected to the hub'), {
      timeoutMs: 30_000,
    });
  });

  it('misses nothing that changes meanwhile', async () => {
    const cluster = await world('catches-up');
    cluster.start();
    await cluster.synced(1);
    link.setDown(true);
    await cluster.commit('changed while it was away');
    link.setDown(false);
    await cluster.synced(2);
    expect(await cluster.text()).toBe('changed while it was away');
  });
});

describe('an agent trusts the hub no further than it must:', () => {
  it('a bundle that was changed on its way is not applied, and is fetched again', async () => {
    const cluster = await world('tampered');
    cluster.start();
    await cluster.synced(1);
    link.changeAnswersTo(({ path }, body) => (path.startsWith('/bundles/') ? Buffer.from('{}') : body));
    await cluster.commit('behind a forger');
    await until('the hub to know', async () => (await cluster.instance())?.message?.includes('bundle'));
    expect((await cluster.instance())?.sync).toBe('SYNCING');
    expect(await cluster.text()).toBe('one');
    link.changeAnswersTo(undefined);
    await cluster.synced(2);
    expect(await cluster.text()).toBe('behind a forger');
  });

  it('a hub of another epoch that does not know its instance makes it delete nothing', async () => {
    const cluster = await world('restored');
    const agent = cluster.start();
    await cluster.synced(1);
    await db.query(
      `delete from instance where cluster_id = (select id from cluster where name = 'restored')`,
    );
    await db.query(`update hub set epoch = 'restored-from-backup'`);
    await db.query(`update cluster set desired_generation = 0, session = 0 where name = 'restored'`);
    // A restored hub is a restarted one: the sockets break.
    link.setDown(true);
    link.setDown(false);
    await until('the compare', () => agent.said('ORPHANED'), { timeoutMs: 30_000 });
    const labels = (await cluster.settings())?.metadata.labels;
    expect(labels?.[INSTANCE_LABEL]).toMatch(/^[0-9a-f]{32}$/);
    expect(agent.said('pruned')).toBe(false);
  });

  it('a restored hub that counts from an older generation is followed all the same', async () => {
    const cluster = await world('yesterday');
    cluster.start();
    await cluster.synced(1);
    await cluster.commit('today');
    await cluster.synced(2);
    const ofCluster = `(select id from cluster where name = 'yesterday')`;
    await db.query(`delete from instance_status where cluster_id = ${ofCluster}`);
    await db.query(`update instance set generation = 1 where cluster_id = ${ofCluster}`);
    await db.query(`update hub set epoch = 'of-yesterday'`);
    await db.query(`update cluster set desired_generation = 1, session = 0 where name = 'yesterday'`);
    expect((await cluster.instance())?.sync).not.toBe('SYNCED');
    link.setDown(true);
    link.setDown(false);
    await cluster.synced(2);
  });

  it('a hub with an empty database makes it delete nothing, and it goes on healing', async () => {
    const cluster = await world('forgotten');
    const agent = cluster.start();
    await cluster.synced(1);
    const empty = await startTestHub();
    try {
      link.setDown(true);
      link.target = empty.url;
      link.setDown(false);
      await until('the refusal', () => agent.output().includes('CLUSTER_UNKNOWN'), { timeoutMs: 30_000 });
      await cluster.removeSettings();
      await until('the object to be back', () => cluster.text());
    } finally {
      link.target = hub.url;
      await empty.stop();
    }
    expect(agent.said('pruned')).toBe(false);
  });

  it('an instruction runs once, also when the hub sends it again after a restart', async () => {
    const cluster = await world('instructed');
    const first = cluster.start();
    await cluster.synced(1);
    await db.query(
      `insert into instruction (public_id, cluster_id, instance_id, kind, generation, expires_at)
       select 'heal-1', cluster_id, id, 'heal', generation, now() + interval '1 h' from instance
        where application_name = 'instructed'`,
    );
    const isDone = async (): Promise<boolean> => {
      const { rows } = await db.query('select from instruction where acknowledged_at is not null');
      return rows.length === 1;
    };
    link.setDown(true);
    link.setDown(false);
    await until('the acknowledgement', isDone);
    expect(first.said('healing now')).toBe(true);
    await first.end();
    await db.query('update instruction set acknowledged_at = null');
    const second = cluster.start();
    await until('the acknowledgement again', isDone);
    expect(second.said('healing now')).toBe(false);
  });

  it('only a tombstone removes: an application that is deleted takes its objects with it', async () => {
    const cluster = await world('buried');
    cluster.start();
    await cluster.synced(1);
    const answer = await hub.graphql<{ deleteApplication: { refusal: unknown } }>(
      'mutation { deleteApplication(name: "buried", confirmRemovals: 1) { refusal { code message } } }',
    );
    expect(answer.deleteApplication.refusal).toBeNull();
    await until('the object to be gone', async () => (await cluster.settings()) === undefined);
    await until('the hub to know', async () => {
      const { rows } = await db.query(
        `select from instance where cluster_id = (select id from cluster where name = 'buried')`,
      );
      return rows.length === 0;
    });
  });
});
