// Messages between agent and hub are lost, doubled, reordered, late and cut.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect } from 'vitest';
import type { AgentWorld } from '../../support/agent-world.ts';
import { bytesOf, type Carried, type SeenRequest } from '../../support/faulty-link.ts';
import { startReportingAgent } from '../../support/reporting-agent.ts';
import { clockOfProcess, shiftClock } from '../../support/shifted-clock.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import {
  addApplication,
  configMap,
  configMapPath,
  eventsOf,
  faultStage,
  isOf,
  operationOf,
  PATIENT,
  quiet,
  textOf,
} from './fault-stage.ts';
import { beginRollout, endOfRollout } from './rollout.ts';

const stage = faultStage();
afterEach(() => shiftClock(0));

const KINDS = [
  'JoinCluster',
  'AgentHello',
  'Assignments',
  'AssignmentsDigest',
  'AgentHealthRules',
  'bundle',
  'ReportInstances',
  'ReportOrphans',
  'RenewCredential',
];
const ORPHAN = 'e'.repeat(32);
const DIGEST_AFTER_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), 'fairlead-messages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Spoils the first answer of each kind; `spoiled` says of which so far. */
function spoilFirst(spoil: (answer: Carried) => Promise<Carried | undefined>): Set<string> {
  const spoiled = new Set<string>();
  stage.link.disturb(async (request, carry) => {
    const answer = await carry();
    const kind = operationOf(request);
    if (spoiled.has(kind)) return answer;
    spoiled.add(kind);
    return spoil(answer);
  });
  return spoiled;
}

/** Its next use of the credential finds it expired, also where the hub remembers it. */
async function expireCredential(cluster: string): Promise<void> {
  await stage.db.query(
    `update cluster_credential set expires_at = now() - interval '1 s'
      where cluster_id = (select id from cluster where name = $1)`,
    [cluster],
  );
  shiftClock(6_000);
}

const kindsOf = async (application: string) =>
  (await eventsOf(stage.hub, application)).map(({ kind }) => kind).toSorted();

const UNDISTURBED = [
  'application.saved',
  'instance.synced',
  'instance.synced',
  'instances.added',
  ...[
    'promotion.created',
    'promotion.started',
    'promotion.succeeded',
    'promotion.wave-passed',
    'promotion.waves-passed',
  ].flatMap((kind) => [kind, kind]),
  'release.created',
  'release.created',
].toSorted();

const saveHealthRules = (rules: readonly object[]) =>
  stage.hub.graphql('mutation ($rules: JSON!) { saveHealthRules(rules: $rules) { refusal { message } } }', {
    rules,
  });

/** What an instance left behind that this hub does not know. */
async function leaveOrphan({ ask }: AgentWorld): Promise<void> {
  const [namespace, name] = ['fairlead-agent', `fairlead-inventory-${ORPHAN}-0`];
  await ask('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const annotations = { 'fairlead.dev/application': 'forgotten', 'fairlead.dev/environment': 'dev' };
  await ask('POST', `/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'fairlead.dev/inventory': ORPHAN }, annotations },
    data: { objects: '' },
  });
}

async function orphansOf(cluster: string): Promise<readonly string[]> {
  const { rows } = await stage.db.query<{ id: string }>(
    'select o.tracking_id id from cluster_orphan o join cluster c on c.id = o.cluster_id where c.name = $1',
    [cluster],
  );
  return rows.map(({ id }) => id);
}

/** From the join to release 2, by way of everything that an agent asks or says; each is answered wrong once. */
async function wholeStory(name: string, spoil: (answer: Carried) => Promise<Carried | undefined>) {
  const world = await stage.world(name);
  await leaveOrphan(world);
  const spoiled = spoilFirst(spoil);
  const clock = clockOfProcess(join(folder, name), 0);
  const agent = world.start(clock.settings, [clock.preload]);
  await world.synced(1);
  await saveHealthRules([
    { group: 'shop.example', kinds: ['Order'], current: `self.status.of == '${name}'` },
  ]);
  await until('the health rules to be asked for', () => spoiled.has('AgentHealthRules'), PATIENT);
  await until('the orphan', async () => (await orphansOf(name)).includes(ORPHAN), PATIENT);
  await expireCredential(name);
  // So long after its start the agent compares digests at its next look.
  clock.move(agent.pid, DIGEST_AFTER_MS);
  await world.commit('two');
  stage.link.setDown(true);
  stage.link.setDown(false);
  await world.synced(2);
  await until('all kinds of answers', () => spoiled.size >= KINDS.length, PATIENT);
  await until('all events', async () => (await kindsOf(name)).length >= UNDISTURBED.length);
  expect([...spoiled].toSorted()).toEqual(KINDS.toSorted());
  expect(await kindsOf(name)).toEqual(UNDISTURBED);
  expect(await world.text()).toBe('two');
  const { rows } = await stage.db.query('select from cluster where name = $1', [name]);
  expect(rows).toHaveLength(1);
  await until("the hub's health rules", () => agent.said("the hub's health rules have changed"), PATIENT);
  expect(agent.said('is not what the hub has assigned')).toBe(false);
  expect(await orphansOf(name)).toEqual([ORPHAN]);
  return agent;
}

describe('messages', () => {
  faultCase('answers-lost', async () => {
    await wholeStory('lost', async () => undefined);
    return `lost once each: ${KINDS.join(', ')}`;
  });

  faultCase('answers-truncated', async () => {
    const agent = await wholeStory('cut', async (answer) => {
      const body = await bytesOf(answer.body);
      return { ...answer, body, cutAfterBytes: Math.floor(body.length / 2) };
    });
    expect(agent.said('is not applied')).toBe(false);
    return `cut once each: ${KINDS.join(', ')}`;
  });

  faultCase('requests-doubled', async () => {
    const world = await stage.world('doubled');
    let doubled = 0;
    stage.link.disturb(async (_request, carry) => {
      await carry();
      doubled += 1;
      return carry();
    });
    world.start();
    await world.synced(1);
    await beginRollout(stage.hub, world, 2);
    const end = await endOfRollout(stage.hub, stage.hub.databaseUrl, world, 2);
    expect(end.counts).toMatchObject({ instances: 1, synced: 1, healthy: 1, failed: 0 });
    expect(await kindsOf('doubled')).toEqual(UNDISTURBED);
    return `${doubled} requests doubled, every event once`;
  });

  faultCase('reports-reordered', async () => {
    const world = await stage.world('reordered');
    const held = Promise.withResolvers<void>();
    let seen = 0;
    stage.link.disturb(async (request, carry) => {
      if (!isOf('ReportInstances')(request)) return carry();
      seen += 1;
      if (seen > 1) return carry();
      // The agent's own reports wait for each other; a proxy on the way that sends one again does not.
      void held.promise.then(carry);
      return undefined;
    });
    world.start();
    await world.synced(1);
    await world.commit('newer');
    await world.synced(2);
    held.resolve();
    await quiet(stage.link);
    expect(await world.instance()).toMatchObject({ sync: 'SYNCED', observedRelease: { number: 2 } });
    expect((await kindsOf('reordered')).filter((kind) => kind === 'instance.synced')).toHaveLength(2);
    return 'the older report came last and changed nothing';
  });

  faultCase('answers-late', async () => {
    const world = await stage.world('late');
    const agent = world.start();
    await world.synced(1);
    let old: Buffer | undefined;
    let replayed = 0;
    stage.link.disturb(async (request, carry) => {
      const answer = await carry();
      if (!isOf('Assignments')(request)) return late(answer);
      const body = await bytesOf(answer.body);
      old ??= body;
      // The list that says release 2, long after release 3 was read.
      if (!isNews(body) || body.includes('"release":2')) return late({ ...answer, body });
      replayed += 1;
      return late({ ...answer, body });
    });
    await world.commit('two');
    await world.synced(2);
    await world.commit('three');
    await world.synced(3);
    if (!old) throw new Error('no assignments were read');
    const stale = old;
    let isReplayed = false;
    stage.link.disturb(async (request, carry) => {
      const answer = await carry();
      if (isReplayed || !isOf('Assignments')(request)) return answer;
      isReplayed = true;
      return { ...answer, body: stale };
    });
    stage.link.setDown(true);
    stage.link.setDown(false);
    await until(
      'the old list to be read',
      () => isReplayed && agent.log.filter(isConnected).length >= 2,
      PATIENT,
    );
    await quiet(stage.link);
    expect(await world.text()).toBe('three');
    stage.link.disturb(undefined);
    await world.commit('four');
    await world.synced(4);
    expect(await world.text()).toBe('four');
    return `answers two seconds late (${replayed} with news of release 3), an old list read after a newer one`;
  });

  faultCase('doorbell-cut', async () => {
    const world = await stage.world('bell');
    const agent = world.start();
    await world.synced(1);
    stage.link.disturbSockets((chunk) => [...chunk].map((byte) => Buffer.from([byte])));
    await world.commit('bytes');
    await world.synced(2);
    stage.link.disturbSockets((chunk) => [chunk, chunk]);
    await world.commit('doubled');
    await world.synced(3);
    stage.link.disturbSockets((chunk) => [Buffer.from(chunk.toReversed())]);
    await world.commit('nonsense');
    await until('the socket to end', () => agent.said('the connection to the hub failed'), PATIENT);
    stage.link.disturbSockets(undefined);
    await world.synced(4);
    expect(await world.text()).toBe('nonsense');
    return 'single bytes and doubled frames pass; nonsense ends the socket, and the next one catches up';
  });

  faultCase('doorbell-storm', async () => {
    const world = await stage.world('rung');
    world.start();
    await world.synced(1);
    await quiet(stage.link);
    const pulls = () => stage.link.seen.filter(isOf('Assignments')).length;
    const before = pulls();
    await stage.db.query(
      `with raised as (update cluster set desired_generation = desired_generation + 5000 where name = 'rung'
                       returning id, desired_generation as newest)
       select pg_notify('fairlead', json_build_object('topic', 'agents.ring', 'payload', json_build_object(
                'clusters', json_build_array(json_build_array(id::text, newest - 5000 + n))))::text)
         from raised, generate_series(1, 5000) n`,
    );
    await world.commit('in the storm');
    await world.synced(2);
    await quiet(stage.link);
    const asked = pulls() - before;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(100);
    return `5,000 rings, ${asked} questions`;
  });

  faultCase('status-storm', async () => {
    const storm = await stage.world('storm');
    const calm = await stage.world('calm');
    calm.start();
    await calm.synced(1);
    const agents = await Promise.all(
      Array.from({ length: 4 }, (_, n) => startReportingAgent(stage.hub, `stormy-${n}`, { world: 'storm' })),
    );
    const storming = { isOver: false };
    let reports = 0;
    const blow = async (agent: (typeof agents)[number]): Promise<void> => {
      await until('its assignment', async () => (await agent.assigned()).length > 0);
      for (let n = 0; !storming.isOver; n += 1) {
        await agent.report({ health: n % 2 ? 'HEALTHY' : 'DEGRADED', message: `change ${n}` });
        reports += 1;
      }
    };
    const blowing = agents.map(blow);
    await until('the storm to blow', () => reports > 50, PATIENT);
    const startedAtMs = performance.now();
    await calm.commit('in the storm');
    await calm.synced(2);
    const seconds = (performance.now() - startedAtMs) / 1000;
    storming.isOver = true;
    await Promise.all(blowing);
    expect(await calm.text()).toBe('in the storm');
    expect(await storm.instance()).toBeUndefined();
    return `${seconds < 10 ? 'within ten seconds' : 'late'} while an instance was reported without end`;
  });

  faultCase('queue-full', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `queue-${n}`);
    const world = await stage.world('queue');
    for (const name of names)
      await addApplication(stage.hub, world, name, { 'one.yaml': configMap(name, 'round 1') });
    const agent = world.start();
    await world.synced(1);
    const isOver = async (round: number): Promise<boolean> => {
      const texts = await Promise.all(names.map((name) => textOf(world, name)));
      return texts.every((text) => text === `round ${round}`);
    };
    await until('all to run', () => isOver(1), PATIENT);
    await quiet(stage.link);
    const messages: string[][] = [];
    stage.link.disturb(async (request, carry) => {
      if (!isOf('ReportInstances')(request)) return carry();
      messages.push(instancesOf(request));
      return undefined;
    });
    world.repository.commit(
      Object.fromEntries(names.map((name) => [`${name}/one.yaml`, configMap(name, 'round 2')])),
    );
    for (const name of names) await refresh(name);
    await until('round 2 to be applied', () => isOver(2), PATIENT);
    for (let drift = 1; drift <= 2; drift += 1) {
      await Promise.all(names.map((name) => world.ask('DELETE', configMapPath(name))));
      await until('all to be healed', () => isOver(2), PATIENT);
    }
    expect(await syncedAt(1)).toBe(names.length);
    stage.link.disturb(undefined);
    await until('the last state of each', async () => (await syncedAt(2)) === names.length, PATIENT);
    for (const instances of messages) expect(new Set(instances).size).toBe(instances.length);
    expect(agent.said('is left out until it changes')).toBe(false);
    return `${messages.length} messages refused, none with two reports of one instance; the last state of ${names.length} arrived`;
  });
});

const refresh = (name: string) =>
  stage.hub.graphql('mutation ($name: String!) { refreshApplication(name: $name) { refusal { message } } }', {
    name,
  });

/** How many of the queue's instances the hub knows to be synced at that release. */
async function syncedAt(release: number): Promise<number> {
  const { rows } = await stage.db.query(
    `select from instance i join instance_status s on s.instance_id = i.id
      where i.application_name like 'queue-%' and s.release_number = $1`,
    [release],
  );
  return rows.length;
}

const isConnected = ({ message }: { readonly message: string }): boolean =>
  message === 'connected to the hub';

const instancesOf = ({ body }: SeenRequest): string[] =>
  (
    JSON.parse(body) as { variables: { batch: { instances: { instance: string }[] } } }
  ).variables.batch.instances.map(({ instance }) => instance);

const isNews = (body: Buffer): boolean => body.includes('"release":3');

async function late(answer: Carried): Promise<Carried> {
  await new Promise((later) => setTimeout(later, 2_000));
  return answer;
}
