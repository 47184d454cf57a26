// The engine puts back what someone changed by hand, on a real control plane.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { EngineHarness } from './engine-harness.ts';
import { configMap, deployment, service } from './engine-objects.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

interface DeploymentBody {
  readonly spec: {
    readonly replicas: number;
    readonly template: { spec: { containers: { image: string }[] } };
  };
  readonly metadata: { readonly labels?: Record<string, string>; readonly uid: string };
}

onEachCluster('an agent that heals', (start, kind) => {
  let plane: StartedCluster;
  let harness: EngineHarness;
  const deployments = (name: string) => `/apis/apps/v1/namespaces/default/deployments/${name}`;
  const read = async (name: string) => (await plane.api<DeploymentBody>('GET', deployments(name))).body;
  const healed = async (what: string, condition: () => Promise<boolean>) => {
    const startedMs = performance.now();
    await until(what, condition, { timeoutMs: 15_000, intervalMs: 5 });
    process.stdout.write(`${what}: ${(performance.now() - startedMs).toFixed(0)} ms\n`);
  };

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('brings an application up to HEALTHY', async () => {
    harness.order('web', {
      objects: [deployment('web', 'registry.example/web:1'), service('web'), configMap('web')],
    });
    const seen = await harness.observed(
      'web',
      'is SYNCED and HEALTHY',
      (now) => now.sync === 'SYNCED' && now.health === 'HEALTHY',
    );
    expect(seen).toMatchObject({
      message: '',
      driftCount: 0,
      objects: [],
      truncated: false,
      pendingPrune: [],
    });
  });

  it('undoes kubectl set image', async () => {
    const containers = [{ name: 'web', image: 'registry.example/web:by-hand' }];
    const patch = { spec: { template: { spec: { containers } } } };
    await plane.api('PATCH', `${deployments('web')}?fieldManager=kubectl-set`, patch, STRATEGIC);
    await healed(
      'set image healed',
      async () => (await read('web')).spec.template.spec.containers[0]?.image === 'registry.example/web:1',
    );
  });

  it('undoes kubectl scale', async () => {
    await plane.api(
      'PATCH',
      `${deployments('web')}/scale?fieldManager=kubectl`,
      { spec: { replicas: 5 } },
      MERGE,
    );
    await healed('scale healed', async () => (await read('web')).spec.replicas === 2);
    const isTold = () =>
      harness.ended.find(({ path, manager }) => path === 'spec.replicas' && manager === 'kubectl');
    const { firstSeenAt, closedAt } = await until('the episode to be told', isTold);
    // It began with the event that told of it, an apply earlier.
    expect(Date.parse(closedAt ?? '')).toBeGreaterThan(Date.parse(firstSeenAt));
  });

  it('makes a deleted object anew', async () => {
    const { uid } = (await read('web')).metadata;
    await plane.api('DELETE', deployments('web'));
    await healed('delete undone', async () => {
      const { status, body } = await plane.api<DeploymentBody>('GET', deployments('web'));
      return status === 200 && body.metadata.uid !== uid;
    });
  });

  it('puts its label back', async () => {
    const patch = { metadata: { labels: { 'fairlead.dev/instance': null } } };
    await plane.api('PATCH', `${deployments('web')}?fieldManager=kubectl-label`, patch, MERGE);
    const { instance } = harness.assignment('web');
    await healed(
      'label healed',
      async () => (await read('web')).metadata.labels?.['fairlead.dev/instance'] === instance,
    );
  });

  if (kind === 'SIMULATED') {
    it('says early, with pod and reason, that an image cannot be pulled, and that it is well again', async () => {
      harness.order('sick', { objects: [deployment('sick', 'registry.example/broken:1')] });
      const seen = await harness.observed('sick', 'is DEGRADED', (now) => now.health === 'DEGRADED');
      expect([seen.sync, seen.message]).toEqual([
        'SYNCED',
        expect.stringMatching(/^Deployment\/default\/sick: pod .* cannot pull image/),
      ]);
      harness.order('sick', { objects: [deployment('sick', 'registry.example/mended:1')] });
      await harness.observed(
        'sick',
        'is HEALTHY',
        (now) => now.health === 'HEALTHY' && now.sync === 'SYNCED',
      );
    });
  }
});
