// What the engine calls drift on a real control plane, what it only counts, and what it leaves to others.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { EngineHarness } from './engine-harness.ts';
import { configMap, deployment, service } from './engine-objects.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

onEachCluster('an agent that watches for drift', (start, kind) => {
  let plane: StartedCluster;
  let harness: EngineHarness;
  const configMapPath = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
  const deploymentPath = (name: string) => `/apis/apps/v1/namespaces/default/deployments/${name}`;
  const data = async (name: string) => (await plane.api('GET', configMapPath(name))).body['data'];
  const edit = (path: string, patch: unknown, type = MERGE) =>
    plane.api('PATCH', `${path}?fieldManager=kubectl-edit`, patch, type);
  const drifts = (application: string, count: number) =>
    harness.observed(
      application,
      `has ${count} differences`,
      (seen) => seen.driftCount === count && seen.sync === 'SYNCED',
    );

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('counts differences with REPORT and changes nothing', async () => {
    harness.order('told', {
      objects: [configMap('told', { a: '1', b: '2' }), configMap('gone')],
      policy: { drift: 'REPORT' },
    });
    await drifts('told', 0);
    await edit(configMapPath('told'), { data: { a: 'x', b: 'y' } });
    await drifts('told', 2);
    await edit(configMapPath('told'), { data: { a: '1' } });
    await drifts('told', 1);
    await plane.api('DELETE', configMapPath('gone'));
    const seen = await drifts('told', 2);
    expect(seen).toMatchObject({ sync: 'SYNCED', health: 'MISSING' });
    expect(await data('told')).toEqual({ a: '1', b: 'y' });
  });

  it('counts the same after a restart', async () => {
    await harness.crashAndRestart();
    await drifts('told', 2);
    expect(await data('told')).toEqual({ a: '1', b: 'y' });
  });

  it('forgets a difference that was taken back, and sees the next one', async () => {
    harness.order('back', { objects: [configMap('back', { a: '1' })], policy: { drift: 'REPORT' } });
    await drifts('back', 0);
    await edit(configMapPath('back'), { data: { a: 'x' } });
    await drifts('back', 1);
    await edit(configMapPath('back'), { data: { a: '1' } });
    await drifts('back', 0);
    await edit(configMapPath('back'), { data: { a: 'z' } });
    await drifts('back', 1);
  });

  it('heals once when a person asks, with REPORT too', async () => {
    harness.engine.healNow(harness.assignment('told').instance);
    await drifts('told', 0);
    expect(await data('told')).toEqual({ a: '1', b: '2' });
  });

  it('sees a change of a Secret that the bundle gives as stringData', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      stringData: { password: 'geheim' },
    };
    harness.order('secret', { objects: [secret] });
    await harness.synced('secret');
    const path = '/api/v1/namespaces/default/secrets/key';
    await edit(path, { data: { password: 'eHh4eA==' } });
    const right = Buffer.from('geheim').toString('base64');
    await until(
      'the password is back',
      async () =>
        JSON.stringify((await plane.api('GET', path)).body['data']) === JSON.stringify({ password: right }),
    );
  });

  it('leaves what others add alone', async () => {
    harness.order('extra', { objects: [configMap('extra', { a: '1' })] });
    await harness.synced('extra');
    await edit(configMapPath('extra'), { data: { more: 'mine' } });
    await edit(configMapPath('extra'), { data: { a: 'x' } });
    await until('a is back', async () => isDeepStrictEqual(await data('extra'), { a: '1', more: 'mine' }));
  });

  it('takes over the port that keeps a Service from being healed', async () => {
    harness.order('port', { objects: [service('port', 80)] });
    await harness.synced('port');
    const path = '/api/v1/namespaces/default/services/port';
    await edit(
      path,
      [{ op: 'replace', path: '/spec/ports', value: [{ port: 81, protocol: 'TCP', targetPort: 81 }] }],
      JSON_PATCH,
    );
    await until('the port is back', async () => {
      const { spec } = (await plane.api<{ spec: { ports: { port: number }[] } }>('GET', path)).body;
      return spec.ports.length === 1 && spec.ports[0]?.port === 80;
    });
    expect(harness.lines.join('\n')).toContain('kubectl-edit at 20');
    const seen = await harness.synced('port');
    expect(seen.driftCount).toBe(0);
  });

  it('does not fight an autoscaler', async () => {
    harness.order('scaled', { objects: [deployment('scaled', 'registry.example/a:1', 2)] });
    await harness.synced('scaled');
    const scale = `${deploymentPath('scaled')}/scale?fieldManager=kube-controller-manager`;
    await plane.api('PATCH', scale, { spec: { replicas: 4 } }, MERGE);
    const image = [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'registry.example/a:hand' },
    ];
    await edit(deploymentPath('scaled'), image, JSON_PATCH);
    const spec = async () => JSON.stringify((await plane.api('GET', deploymentPath('scaled'))).body['spec']);
    await until('the image is back', async () => (await spec()).includes('registry.example/a:1'));
    expect(await spec()).toContain('"replicas":4');
    harness.order('scaled', { objects: [deployment('scaled', 'registry.example/a:2', 2)] });
    await harness.synced('scaled');
    expect(await spec()).toContain('"replicas":4');
  });

  it('leaves ignored fields to their other owner, and heals the rest', async () => {
    const ignore = [{ kind: 'ConfigMap', path: 'data.theirs' }];
    harness.order('ignore', {
      objects: [configMap('ignore', { theirs: '1', ours: '1' })],
      policy: { ignore },
    });
    await harness.synced('ignore');
    await edit(configMapPath('ignore'), { data: { theirs: '2', ours: '2' } });
    await until('ours is back', async () =>
      isDeepStrictEqual(await data('ignore'), { ours: '1', theirs: '2' }),
    );
    expect((await harness.synced('ignore')).driftCount).toBe(0);
  });

  it('slows down when the same field is taken back again and again, and says that it is open', async () => {
    harness.order('tug', { objects: [configMap('tug', { a: '1' })] });
    await harness.synced('tug');
    for (const value of ['x1', 'x2', 'x3']) {
      await edit(configMapPath('tug'), { data: { a: value } });
      await until('healed at once', async () => isDeepStrictEqual(await data('tug'), { a: '1' }), {
        intervalMs: 5,
      });
    }
    await edit(configMapPath('tug'), { data: { a: 'x4' } });
    await drifts('tug', 1);
    await drifts('tug', 0);
    expect(await data('tug')).toEqual({ a: '1' });
  });

  if (kind === 'REAL') {
    it('goes on after the API server was away', async () => {
      harness.order('away', { objects: [configMap('away', { a: '1' })] });
      await harness.synced('away');
      await plane.restartApiServer?.();
      await edit(configMapPath('away'), { data: { a: 'x' } });
      await until('healed after the restart', async () => isDeepStrictEqual(await data('away'), { a: '1' }), {
        timeoutMs: 30_000,
      });
    });
  }

  it('finds no drift in what it has just applied, whatever the API server makes of it', async () => {
    const container = {
      name: 'c',
      image: 'registry.example/a:1',
      resources: { limits: { cpu: '1000m', memory: '1024Mi' } },
      env: [{ name: 'EMPTY', value: '' }],
    };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    };
    const web = deployment('plain', 'registry.example/a:1');
    harness.order('plain', {
      objects: [
        job,
        web,
        { ...service('plain'), spec: { type: 'NodePort', ports: [{ port: 80, targetPort: 'http' }] } },
      ],
    });
    await harness.observed(
      'plain',
      'is HEALTHY',
      (seen) => seen.sync === 'SYNCED' && seen.health === 'HEALTHY',
    );
    const { instance } = harness.assignment('plain');
    expect(harness.engine.observe(instance)?.driftCount).toBe(0);
    expect(harness.lines.filter((line) => line.startsWith('healed') && line.includes('"plain"'))).toEqual([]);
  });
});
