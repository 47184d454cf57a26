// The hub is killed while something or nothing is under way, and comes back with its database, with an old one, or
// with an empty one.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { AgentProcess } from '../../support/agent-process.ts';
import { startAgentWorld, type AgentWorld, type WorldOptions } from '../../support/agent-world.ts';
import { startFaultyLink, type FaultyLink } from '../../support/faulty-link.ts';
import { startTestHub } from '../../support/hub.ts';
import { patiently, startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import {
  addApplication,
  configMap,
  connectionIs,
  deleteApplication,
  isOf,
  mend,
  ownedConfigMaps,
  PATIENT,
  quiet,
  textOf,
} from './fault-stage.ts';
import { beginRollout } from './rollout.ts';

let hub: KillableHub;
let link: FaultyLink;
let worlds: AgentWorld[] = [];

beforeAll(async () => {
  hub = await startKillableHub();
  link = await startFaultyLink(hub.url);
});

afterEach(async () => {
  mend(link);
  await Promise.all(worlds.map((each) => each.stop()));
  worlds = [];
});

afterAll(async () => {
  await link.stop();
  await hub.stop();
});

async function world(name: string, options: WorldOptions = {}): Promise<AgentWorld> {
  const started = await startAgentWorld(hub, link.url, name, options);
  worlds.push(started);
  return started;
}

/** Requests that write to the cluster's objects, the agent's own memory aside. */
const writes = (api: FaultyLink): number =>
  api.seen.filter(({ method, path }) => method !== 'GET' && !path.includes('/secrets')).length;

/** Rows of a query on the hub's database. */
async function rowsOf(text: string, values: readonly unknown[] = []): Promise<object[]> {
  const db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  try {
    return (await db.query<object>(text, [...values])).rows;
  } finally {
    await db.end();
  }
}

describe('a hub that is killed', () => {
  faultCase('hub-restart', async () => {
    let api: FaultyLink | undefined;
    const still = await world('still', {
      reach: async (server) => (api = await startFaultyLink(server)).url,
    });
    if (!api) throw new Error('the world never asked for its API server');
    still.start();
    await still.synced(1);
    await quiet(api);
    const before = writes(api);
    await hub.kill();
    await hub.start();
    await connectionIs(still, 'ONLINE');
    await quiet(link);
    expect(writes(api)).toBe(before);
    expect(await still.text()).toBe('one');
    await still.synced(1);
    await api.stop();
    return 'no write to the cluster, ONLINE again';
  });

  faultCase('hub-killed-after-deletion', async () => {
    const home = await world('home');
    await addApplication(hub, home, 'leaving', {
      'one.yaml': configMap('leaving-1', 'x'),
      'two.yaml': configMap('leaving-2', 'x'),
    });
    const agent = home.start();
    await home.synced(1);
    await until('the application to run', () => textOf(home, 'leaving-2'), PATIENT);
    // The agent must not hear of it before the hub is gone.
    link.setDown(true);
    await deleteApplication(hub, 'leaving');
    await hub.kill();
    link.setDown(false);
    await until('the agent to miss the hub', () => agent.said('the connection to the hub failed'));
    expect(await textOf(home, 'leaving-1')).toBe('x');
    await hub.start();
    await until(
      'its objects to be gone',
      async () => (await textOf(home, 'leaving-2')) === undefined,
      PATIENT,
    );
    await until('the hub to have buried it', async () => {
      const rows = await rowsOf("select 1 from instance where application_name = 'leaving'");
      return rows.length === 0;
    });
    expect(await ownedConfigMaps(home, INSTANCE_LABEL)).toEqual(['settings']);
    return 'kept while the hub was away, then exactly its two objects removed';
  });

  faultCase('both-restart', async () => {
    const both = await world('both');
    const first = both.start();
    await both.synced(1);
    await beginRollout(hub, both, 2);
    await Promise.all([hub.kill(), first.end('SIGKILL')]);
    const second = both.start();
    await hub.start();
    await both.synced(2);
    expect(await ownedConfigMaps(both, INSTANCE_LABEL)).toEqual(['extra-2', 'settings']);
    expect(second.said('pruned')).toBe(false);
    return 'release 2 arrived';
  });

  faultCase('backup-restored', async () => {
    const old = await world('old');
    const agent = old.start();
    await old.synced(1);
    await copyDatabase('fairlead_backup', databaseName());
    await old.commit('after the backup');
    await old.synced(2);
    await addApplication(hub, old, 'younger', { 'one.yaml': configMap('younger', 'made after the backup') });
    await until('the younger application', () => textOf(old, 'younger'), PATIENT);
    await hub.kill();
    await copyDatabase(databaseName(), 'fairlead_backup');
    // What the agent says of the older release is lost: it must say again what the backup has forgotten.
    link.disturb((request, carry) =>
      isOf('ReportInstances')(request) ? Promise.resolve(undefined) : carry(),
    );
    await hub.start();
    await until('the compare', () => agent.said('ORPHANED'), PATIENT);
    // The repository has the newer commit: what the backup does not know yet is found again.
    await patiently('the hub to look', () =>
      hub.graphql('mutation { refreshApplication(name: "old") { refusal { message } } }'),
    );
    await until('release 2 to be assigned again', () => timesAssigned(agent, 2) === 2, PATIENT);
    link.disturb(undefined);
    await old.synced(2);
    expect(await old.text()).toBe('after the backup');
    expect(await textOf(old, 'younger')).toBe('made after the backup');
    await until('a person to see it', async () => (await orphansOf('old')).join() === 'younger', PATIENT);
    expect(agent.said('pruned')).toBe(false);
    expect(agent.said('is to be removed')).toBe(false);
    return 'followed what the backup knows, left the younger application alone, and showed it as an orphan of its cluster';
  });

  faultCase('database-empty', async () => {
    const lost = await world('lost');
    const agent = lost.start();
    await lost.synced(1);
    const empty = await startTestHub();
    link.setDown(true);
    link.target = empty.url;
    link.setDown(false);
    await until('the refusal', () => agent.output().includes('CLUSTER_UNKNOWN'), PATIENT);
    await lost.removeSettings();
    await until('the object to be back', () => lost.text());
    expect(agent.said('pruned')).toBe(false);
    link.setDown(true);
    link.target = hub.url;
    await empty.stop();
    return 'healed on, and said CLUSTER_UNKNOWN';
  });
});

/** How often the agent was told to run that release of its world's application. */
const timesAssigned = (agent: AgentProcess, release: number): number =>
  agent.output().match(new RegExp(`"message":"assigned".*"application":"old".*"release":${release},`, 'g'))
    ?.length ?? 0;

/** The applications of what a cluster keeps and the hub does not know. */
async function orphansOf(name: string): Promise<readonly string[]> {
  const { cluster } = await hub.graphql<{ cluster: { orphans: readonly { application: string }[] } }>(
    'query ($name: String!) { cluster(name: $name) { orphans { application } } }',
    { name },
  );
  return cluster.orphans.map(({ application }) => application);
}

const databaseName = (): string => new URL(hub.databaseUrl).pathname.slice(1);

/** A backup and its restoration alike: nobody may be connected to either. */
async function copyDatabase(to: string, from: string): Promise<void> {
  const server = new URL(hub.databaseUrl);
  server.pathname = '/postgres';
  const db = new Client({ connectionString: server.href });
  await db.connect();
  try {
    const isOurs = from === databaseName();
    if (isOurs) await hub.kill();
    await db.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1::text[])', [
      [to, from],
    ]);
    await db.query(`drop database if exists ${to} with (force)`);
    await db.query(`create database ${to} template ${from}`);
    if (isOurs) await hub.start();
  } finally {
    await db.end();
  }
}
