// What goes wrong between the agent and a real API server. One cluster has one agent: the cases share a world.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { AgentProcess } from '../../support/agent-process.ts';
import { startAgentWorld, type AgentWorld, type WorldCluster } from '../../support/agent-world.ts';
import { startControlPlanes, type ControlPlane } from '../../support/control-plane.ts';
import { startFaultyLink, type Carried, type FaultyLink } from '../../support/faulty-link.ts';
import { startTestHub, type TestHub } from '../../support/hub.ts';
import { describeOnKube } from '../../support/missing.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import { configMap, mend, ownedConfigMaps, PATIENT, quiet } from './fault-stage.ts';

const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';
const FOREIGN = 'f'.repeat(32);
const MOST_MEMORY_KB = 400_000;

let plane: ControlPlane;
let hub: TestHub;
let api: FaultyLink;
let world: AgentWorld;
let agent: AgentProcess;
let release = 1;

const isWatch = ({ path }: { readonly path: string }): boolean => path.includes('watch=true');

function worldCluster({ server, kubeconfigPath, api: ask, stop }: ControlPlane): WorldCluster {
  return {
    server,
    kubeconfig: JSON.parse(readFileSync(kubeconfigPath, 'utf8')) as object,
    stop,
    ask: async (method, path, body) => {
      const answer = await ask(method, path, body);
      return answer.status === 404 ? undefined : answer.body;
    },
  };
}

async function rollOut(text: string): Promise<void> {
  release = await world.commitFiles({
    'settings.yaml': configMap('settings', text),
    [`extra-${release}.yaml`]: null,
    [`extra-${release + 1}.yaml`]: configMap(`extra-${release + 1}`, 'new'),
  });
}

async function isAsReleased(text: string): Promise<void> {
  await world.synced(release);
  expect(await world.text()).toBe(text);
  expect(await ownedConfigMaps(world, INSTANCE_LABEL)).toEqual([`extra-${release}`, 'settings']);
}

const changeByHand = (text: string) =>
  plane.api('PATCH', `${CONFIG_MAPS}/settings`, { data: { text } }, 'application/merge-patch+json');

const healed = (text: string) =>
  until(`settings to say "${text}" again`, async () => (await world.text()) === text, { timeoutMs: 90_000 });

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

describeOnKube('the API server', () => {
  beforeAll(async () => {
    [plane] = await startControlPlanes(['faults']);
    hub = await startTestHub();
    api = await startFaultyLink(plane.server, plane.caPem);
    world = await startAgentWorld(hub, hub.url, 'real', {
      cluster: worldCluster(plane),
      reach: () => Promise.resolve(api.url),
    });
    agent = world.start();
    await world.synced(1);
  });

  afterEach(() => mend(api));

  afterAll(async () => {
    await world.stop();
    await api.stop();
    await hub.stop();
  });

  faultCase('api-restart', async () => {
    let restarted: Promise<boolean> | undefined;
    api.disturb(async ({ method, path }, carry) => {
      if (method === 'PATCH' && path.startsWith(CONFIG_MAPS))
        restarted ??= plane.restartApiServer().then(() => true);
      return carry();
    });
    await rollOut('over a restart');
    await until('the API server to be killed, and back', () => restarted, PATIENT);
    await isAsReleased('over a restart');
    await changeByHand('drift after the restart');
    await healed('over a restart');
    return 'killed at the first write of a rollout; the release arrived, drift was healed';
  });

  faultCase('api-gone', async () => {
    await rollOut('before it was gone');
    await isAsReleased('before it was gone');
    await quiet(api);
    api.setDown(true);
    await changeByHand('changed while no watch stood');
    for (let n = 0; n < 30; n += 1) await changeByHand(`change ${n}`);
    await plane.restartApiServer();
    let gone = 0;
    api.disturb(async (request, carry) => {
      const answer = await carry();
      if (!isWatch(request) || Buffer.isBuffer(answer.body)) return answer;
      if (answer.status === 410) gone += 1;
      const body = new PassThrough();
      body.on('data', (chunk: Buffer) => (gone += chunk.includes('"code":410') ? 1 : 0));
      return { ...answer, body: answer.body.pipe(body) };
    });
    api.setDown(false);
    await healed('before it was gone');
    await world.synced(release);
    expect(gone, 'the API server answered 410').toBeGreaterThan(0);
    return 'answered with 410 Gone; listed again and healed';
  });

  faultCase('api-410-storm', async () => {
    const text = (await world.text()) ?? '';
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
    const gone: Buffer = Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    let watches = 0;
    api.disturb(async (request, carry): Promise<Carried> => {
      if (!isWatch(request)) return carry();
      watches += 1;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: gone };
    });
    // Cuts the watches that stand.
    api.setDown(true);
    api.setDown(false);
    await pause(5_000);
    api.disturb(undefined);
    await changeByHand('after the storm');
    await healed(text);
    expect(watches).toBeGreaterThan(0);
    expect(watches).toBeLessThan(60);
    return 'a few watches a second at most, then healed';
  });

  faultCase('watch-flood', async () => {
    const text = (await world.text()) ?? '';
    const names = Array.from({ length: 40 }, (_, n) => `flood-${n}`);
    for (const name of names) {
      const metadata = { name, namespace: 'shop', labels: { [INSTANCE_LABEL]: FOREIGN } };
      await plane.api('POST', CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    }
    const flood = names.map(async (name) => {
      for (let n = 0; n < 50; n += 1) {
        const change = { data: { n: String(n), filling: 'x'.repeat(2_000) } };
        await plane.api('PATCH', `${CONFIG_MAPS}/${name}`, change, 'application/merge-patch+json');
      }
    });
    await changeByHand('in the flood');
    await healed(text);
    await Promise.all(flood);
    const memoryKb = memoryOf(agent.pid);
    expect(memoryKb).toBeLessThan(MOST_MEMORY_KB);
    const last = await plane.api('GET', `${CONFIG_MAPS}/flood-0`);
    expect(last.body['data']).toMatchObject({ n: '49' });
    await Promise.all(names.map((name) => plane.api('DELETE', `${CONFIG_MAPS}/${name}`)));
    return `2,000 changes of strangers' objects passed through, which were left alone; less than ${MOST_MEMORY_KB / 1_000} MB`;
  });

  faultCase('api-link-flapping', async () => {
    await rollOut('over a flapping link');
    for (let n = 0; n < 20; n += 1) {
      api.setDown(true);
      await pause(50);
      api.setDown(false);
      await pause(250);
    }
    await isAsReleased('over a flapping link');
    return 'broken 20 times; the release arrived';
  });
});

/** Resident memory of a process, in KB. */
function memoryOf(pid: number): number {
  const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(found);
}
