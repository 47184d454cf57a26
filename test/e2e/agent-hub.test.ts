// The agent as a process, against the real hub, over a link that fails as networks do.
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { startAgentWorld, type AgentWorld } from '../support/agent-world.ts';
import { startFaultyLink, type FaultyLink, type SeenRequest } from '../support/faulty-link.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const SETTINGS = '/api/v1/namespaces/shop/configmaps/settings';

let hub: TestHub;
let link: FaultyLink;
let repository: TestRepository;
let db: Client;
let worlds: AgentWorld[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  link = await startFaultyLink(hub.url);
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  repository = makeRepository();
  commit('one');
  await describeDelivery();
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
  repository.remove();
});

/** A release of one ConfigMap that says `text`. */
function commit(text: string): void {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { text: "${text}" }\n`;
  repository.commit({ 'app/settings.yaml': manifest });
}

async function describeDelivery(): Promise<void> {
  const source = { repository: repository.url, ref: 'main', path: 'app' };
  const application = { name: 'shop', namespace: 'shop', policy: 'dev-only', source };
  const steps = [{ environment: 'dev', trigger: 'AUTOMATIC' }];
  const saved = await hub.graphql<Record<string, { refusal: unknown }>>(
    `mutation ($environment: EnvironmentInput!, $policy: PolicyInput!, $repository: RepositoryInput!, $application: ApplicationInput!) {
      saveEnvironment(input: $environment) { refusal { message } }
      savePolicy(input: $policy) { refusal { message } }
      saveRepository(input: $repository) { refusal { message } }
      saveApplication(input: $application) { refusal { message } }
    }`,
    {
      environment: { name: 'dev', selector: 'env=dev' },
      policy: { name: 'dev-only', steps },
      repository: { url: repository.url },
      application,
    },
  );
  for (const { refusal } of Object.values(saved)) expect(refusal).toBeNull();
  await refresh();
}

const refresh = () => hub.graphql('mutation { refreshApplication(name: "shop") { refusal { message } } }');

async function world(name: string): Promise<AgentWorld> {
  const started = await startAgentWorld(hub, link.url, name);
  worlds.push(started);
  return started;
}

const latestRelease = async (): Promise<number> => {
  const query = '{ application(name: "shop") { latestRelease { number } } }';
  const { application } = await hub.graphql<{ application: { latestRelease: { number: number } } }>(query);
  return application.latestRelease.number;
};

const isOf = (operation: string) => (request: SeenRequest) =>
  request.body.includes(`"operationName":"${operation}"`);
const textOf = async (cluster: AgentWorld) =>
  ((await cluster.object(SETTINGS))?.['data'] as Record<string, string> | undefined)?.['text'];

describe('an agent', () => {
  it('joins, applies what is assigned, reports it, and says goodbye on SIGTERM', async () => {
    const cluster = await world('joins');
    const agent = cluster.start();
    await cluster.synced(await latestRelease());
    expect(await cluster.connectionState()).toBe('ONLINE');
    expect(await agent.end()).toBe(0);
    expect(await textOf(cluster)).toBe('one');
    // Of credential and join token there is no trace in the log.
    expect(agent.output()).not.toMatch(/fl_(agent|join)_\w/);
  });

  it('is not locked out by a join whose answer is lost, though the token was for one use', async () => {
    const cluster = await world('lost-answer');
    const before = link.seen.filter(isOf('JoinCluster')).length;
    link.loseAnswerTo(isOf('JoinCluster'));
    cluster.start();
    await cluster.synced(await latestRelease());
    expect(link.seen.filter(isOf('JoinCluster')).length - before).toBe(2);
  });

  it('keeps its identity when it is killed, and needs no join token any more', async () => {
    const cluster = await world('killed');
    await cluster.start().end('SIGKILL');
    const first = cluster.start();
    await cluster.synced(await latestRelease());
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
    await cluster.synced(await latestRelease());
    await first.end();
    await db.query(`update cluster_credential set expires_at = now() - interval '1 s'`);
    const second = cluster.start({ FAIRLEAD_JOIN_TOKEN: '' });
    await until('a renewal', () => second.said('credential renewed'));
    await until('the agent to be connected', () => second.said('connected to the hub'));
  });

  it('stops when its cluster is revoked, and leaves what runs', async () => {
    const cluster = await world('revoked');
    const agent = cluster.start();
    await cluster.synced(await latestRelease());
    await hub.graphql('mutation { revokeCluster(name: "revoked", reason: "lost") { refusal { message } } }');
    expect(await agent.exited).toBe(4);
    expect(await textOf(cluster)).toBeDefined();
    expect(await cluster.start().exited).toBe(4);
  });

  it('stops when another agent of the same cluster begins a session', async () => {
    const cluster = await world('twice');
    const first = cluster.start();
    await cluster.synced(await latestRelease());
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
    await cluster.synced(await latestRelease());
    link.setDown(true);
    await cluster.remove(SETTINGS);
    await until('the object to be back', () => textOf(cluster));
    await first.end('SIGKILL');
    const second = cluster.start();
    await until('the agent to go on', () => second.said('going on from the assignments on disk'));
    await cluster.remove(SETTINGS);
    await until('the object to be back again', () => textOf(cluster));
    expect(second.said('connected to the hub')).toBe(false);
    link.setDown(false);
    await until('the agent to be connected', () => second.said('connected to the hub'), {
      timeoutMs: 30_000,
    });
  });

  it('misses nothing that changes meanwhile', async () => {
    const cluster = await world('catches-up');
    cluster.start();
    await cluster.synced(await latestRelease());
    link.setDown(true);
    commit('changed while it was away');
    await refresh();
    link.setDown(false);
    await cluster.synced(await latestRelease());
    expect(await textOf(cluster)).toBe('changed while it was away');
  });
});

describe('an agent trusts the hub no further than it must:', () => {
  it('a bundle that was changed on its way is not applied, and is fetched again', async () => {
    const cluster = await world('tampered');
    const agent = cluster.start();
    await cluster.synced(await latestRelease());
    const before = await textOf(cluster);
    link.changeAnswersTo(({ path }, body) => (path.startsWith('/bundles/') ? Buffer.from('{}') : body));
    commit('behind a forger');
    await refresh();
    await until('the agent to refuse it', () => agent.output().includes('cannot be'));
    await until('the hub to know', async () => (await cluster.instance())?.message?.includes('bundle'));
    expect(await textOf(cluster)).toBe(before);
    link.changeAnswersTo(undefined);
    await cluster.synced(await latestRelease());
    expect(await textOf(cluster)).toBe('behind a forger');
  });

  it('a hub of another epoch that does not know its instance makes it delete nothing', async () => {
    const cluster = await world('restored');
    const agent = cluster.start();
    await cluster.synced(await latestRelease());
    await db.query(
      `delete from instance where cluster_id = (select id from cluster where name = 'restored')`,
    );
    await db.query(`update hub set epoch = 'restored-from-backup'`);
    await db.query(`update cluster set desired_generation = 0, session = 0 where name = 'restored'`);
    // A restored hub is a restarted one: the sockets break.
    link.setDown(true);
    link.setDown(false);
    await until('the compare', () => agent.said('ORPHANED'), { timeoutMs: 30_000 });
    const labels = (await cluster.object(SETTINGS))?.metadata.labels;
    expect(labels?.[INSTANCE_LABEL]).toMatch(/^[0-9a-f]{32}$/);
    expect(agent.said('pruned')).toBe(false);
  });

  it('only a tombstone removes: an application that is deleted takes its objects with it', async () => {
    const cluster = await world('buried');
    cluster.start();
    await cluster.synced(await latestRelease());
    await db.query(`delete from instance where cluster_id <> (select id from cluster where name = 'buried')`);
    const answer = await hub.graphql<{ deleteApplication: { refusal: unknown } }>(
      'mutation { deleteApplication(name: "shop", confirmRemovals: 1) { refusal { code message } } }',
    );
    expect(answer.deleteApplication.refusal).toBeNull();
    await until('the object to be gone', async () => (await cluster.object(SETTINGS)) === undefined);
    await until('the hub to know', async () => {
      const { rows } = await db.query(
        `select from instance where cluster_id = (select id from cluster where name = 'buried')`,
      );
      return rows.length === 0;
    });
  });
});
