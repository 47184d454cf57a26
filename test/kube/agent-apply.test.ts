// How the engine applies bundles on a real control plane: order, refusals, ownership.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { until } from '../support/until.ts';
import { EngineHarness } from './engine-harness.ts';
import { annotated, configMap, deployment, inNamespace, service } from './engine-objects.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const MERGE = 'application/merge-patch+json';

const widgets: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.dev' },
  spec: {
    group: 'example.dev',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};
const widget: KubernetesObject = {
  apiVersion: 'example.dev/v1',
  kind: 'Widget',
  metadata: { name: 'first', namespace: 'factory' },
  spec: { size: 3 },
};
const namespace = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

onEachCluster('an agent that applies', (start, kind) => {
  let plane: StartedCluster;
  let harness: EngineHarness;
  const get = (path: string) => plane.api(`GET`, path);
  const configMaps = (name: string, space = 'default') => `/api/v1/namespaces/${space}/configmaps/${name}`;

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('applies a definition, its custom resource, a namespace and its content from one bundle', async () => {
    harness.order('factory', {
      objects: [widget, inNamespace(configMap('content'), 'factory'), widgets, namespace('factory')],
    });
    await harness.synced('factory');
    expect((await get('/apis/example.dev/v1/namespaces/factory/widgets/first')).body).toMatchObject({
      spec: { size: 3 },
    });
    expect((await get(configMaps('content', 'factory'))).status).toBe(200);
  });

  it('does not take what runs for another content of the same generation, which a restored hub may give', async () => {
    const instance = harness.order('restored', { objects: [configMap('restored')] });
    await harness.synced('restored');
    const assignment = harness.assignment('restored');
    const seen = () => harness.engine.observe(instance);
    harness.engine.setAssignments({ kind: 'CHANGES', assignments: [{ ...assignment }] });
    expect(seen()?.sync).toBe('SYNCED');
    const other = { ...assignment, bundle: 'f'.repeat(64) };
    harness.engine.setAssignments({ kind: 'CHANGES', assignments: [other] });
    expect(seen()).toMatchObject({ bundle: other.bundle, sync: 'SYNCING' });
    await until('that bundle to be missed', () => seen()?.message.includes('cannot be had'));
    expect(seen()?.sync).toBe('SYNCING');
    harness.order('restored', {});
    await harness.synced('restored');
  });

  it('heals a custom resource', async () => {
    const path = '/apis/example.dev/v1/namespaces/factory/widgets/first';
    await plane.api('PATCH', `${path}?fieldManager=kubectl-edit`, { spec: { size: 9 } }, MERGE);
    await until(
      'the size is back',
      async () =>
        (await get(path)).body['spec'] && JSON.stringify((await get(path)).body['spec']) === '{"size":3}',
    );
  });

  it("creates the application's namespace when it is absent, and marks only objects, not pod templates", async () => {
    const instance = harness.order('shop', {
      objects: [configMap('shop'), deployment('shop', 'registry.example/shop:1')],
      namespace: 'shop',
    });
    await harness.synced('shop');
    const { body } = await get('/apis/apps/v1/namespaces/shop/deployments/shop');
    expect(body.metadata.labels).toEqual({ 'fairlead.dev/instance': instance });
    expect(body['spec']).toMatchObject({ template: { metadata: { labels: { app: 'shop' } } } });
    expect((await get('/api/v1/namespaces/shop')).body.metadata.labels).not.toHaveProperty(
      'fairlead.dev/instance',
    );
  });

  it('sends nothing when nothing differs, also after a restart', async () => {
    const version = async () => (await get(configMaps('shop', 'shop'))).body.metadata.resourceVersion;
    const before = await version();
    harness.order('shop', {});
    await harness.synced('shop');
    await harness.crashAndRestart();
    await harness.synced('shop');
    expect(await version()).toBe(before);
    const entries = (await get(configMaps('shop', 'shop'))).body.metadata['managedFields'];
    expect(entries).toHaveLength(1);
  });

  it('names a refused object and goes on with its siblings', async () => {
    const invalid = { ...service('bad'), spec: { ports: [{ port: 99999 }] } };
    harness.order('mixed', { objects: [invalid, configMap('good')] });
    const seen = await harness.observed('mixed', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toMatch(/^Service\/default\/bad: apply was refused: .*spec\.ports\[0\]\.port/);
    expect(seen.objects).toHaveLength(1);
    expect((await get(configMaps('good'))).status).toBe(200);
    harness.order('mixed', { objects: [service('bad'), configMap('good')] });
    await harness.synced('mixed');
  });

  if (kind === 'REAL') {
    it('names an unknown field instead of dropping it', async () => {
      const misspelt = { ...deployment('misspelt', 'registry.example/a:1') };
      harness.order('strict', {
        objects: [{ ...misspelt, spec: { ...(misspelt['spec'] as object), replicaz: 2 } }],
      });
      const seen = await harness.observed('strict', 'is FAILED', (now) => now.sync === 'FAILED');
      expect(seen.message).toContain('replicaz');
    });
  }

  if (kind === 'REAL') {
    it('does not show a secret value in a refusal', async () => {
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'tls' },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': 'hunter2-hunter2' },
      };
      harness.order('secretive', { objects: [secret] });
      const seen = await harness.observed('secretive', 'is FAILED', (now) => now.sync === 'FAILED');
      expect(JSON.stringify(seen) + harness.lines.join('\n')).not.toMatch(/hunter2|aHVudGVy/);
    });
  }

  it('refuses an immutable change, and recreates where the object says so', async () => {
    const frozen = (value: string) => ({ ...configMap('frozen', { value }), immutable: true });
    harness.order('frozen', { objects: [frozen('one')] });
    await harness.synced('frozen');
    harness.order('frozen', { objects: [frozen('two')] });
    const seen = await harness.observed('frozen', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toMatch(/a field cannot change.*fairlead\.dev\/recreate/);
    harness.order('frozen', { objects: [annotated(frozen('two'), { 'fairlead.dev/recreate': 'true' })] });
    await harness.synced('frozen');
    expect((await get(configMaps('frozen'))).body['data']).toEqual({ value: 'two' });
  });

  it('refuses an object that belongs to another application, names it, and adopts it when told', async () => {
    const path = configMaps('shared');
    const owner = harness.order('first', { objects: [configMap('shared', { by: 'first' })] });
    await harness.synced('first');
    const taker = harness.order('second', {
      objects: [configMap('shared', { by: 'second' }), configMap('own')],
    });
    const seen = await harness.observed('second', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toMatch(/OWNED_BY_OTHER: belongs to application first in environment dev/);
    expect((await get(path)).body).toMatchObject({
      metadata: { labels: { 'fairlead.dev/instance': owner } },
      data: { by: 'first' },
    });
    expect((await get(configMaps('own'))).status).toBe(200);

    harness.order('second', { policy: { adopt: true } });
    await harness.synced('second');
    expect((await get(path)).body).toMatchObject({
      metadata: { labels: { 'fairlead.dev/instance': taker } },
      data: { by: 'second' },
    });
    const robbed = await harness.observed('first', 'lost it', (now) => now.sync === 'FAILED');
    expect(robbed.message).toContain('belongs to application second');
  });

  it('leaves fields that another manager set until adoption is allowed', async () => {
    await plane.api(
      'POST',
      '/api/v1/namespaces/default/configmaps?fieldManager=kubectl-create',
      configMap('manual', { greeting: 'by hand' }),
    );
    harness.order('polite', { objects: [configMap('manual')] });
    const seen = await harness.observed('polite', 'needs adoption', (now) => now.sync === 'OUT_OF_SYNC');
    expect(seen.message).toMatch(/others own fields that Git sets: \.data\.greeting .*kubectl-create.*adopt/);
    harness.order('polite', { policy: { adopt: true } });
    await harness.synced('polite');
    expect((await get(configMaps('manual'))).body['data']).toEqual({ greeting: 'hello' });
  });

  it('applies a custom resource once somebody brings its definition', async () => {
    const gadgets = JSON.parse(
      JSON.stringify(widgets).replaceAll('widget', 'gadget').replaceAll('Widget', 'Gadget'),
    ) as KubernetesObject;
    const gadget = { ...widget, kind: 'Gadget', metadata: { name: 'early' } };
    harness.order('early', { objects: [gadget, configMap('beside')] });
    const seen = await harness.observed(
      'early',
      'waits',
      (now) => now.sync === 'SYNCING' && now.message.includes('Gadget'),
    );
    expect(seen.message).toContain('serves no kind Gadget');
    expect((await get(configMaps('beside'))).status).toBe(200);
    await plane.api('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', gadgets);
    await harness.synced('early');
  });
});
