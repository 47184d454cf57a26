// What the engine removes on a real control plane, and what it never does.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { EngineHarness } from './engine-harness.ts';
import { annotated, configMap, deployment, service } from './engine-objects.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const INVENTORIES = '/api/v1/namespaces/fairlead-agent/secrets?labelSelector=fairlead.dev/inventory';

onEachCluster('an agent that prunes', (start) => {
  let plane: StartedCluster;
  let harness: EngineHarness;
  const isThere = async (name: string) =>
    (await plane.api('GET', `/api/v1/namespaces/default/configmaps/${name}`)).status === 200;
  const inventoryCount = async (instance: string) =>
    (await plane.api<{ items: unknown[] }>('GET', `${INVENTORIES}%3D${instance}`)).body.items.length;
  const maps = (...names: string[]) => names.map((name) => configMap(name));

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('removes exactly what left the bundle', async () => {
    await plane.api('POST', '/api/v1/namespaces/default/configmaps', configMap('stranger'));
    harness.order('exact', { objects: maps('a1', 'a2', 'a3') });
    await harness.synced('exact');
    harness.order('exact', { objects: maps('a1', 'a3') });
    await harness.synced('exact');
    expect([
      await isThere('a1'),
      await isThere('a2'),
      await isThere('a3'),
      await isThere('stranger'),
    ]).toEqual([true, false, true, true]);
  });

  it('keeps what says that it is never to be pruned, without our label', async () => {
    const kept = annotated(configMap('kept'), { 'fairlead.dev/prune': 'disabled' });
    harness.order('keeps', { objects: [kept, ...maps('k1', 'k2')] });
    await harness.synced('keeps');
    harness.order('keeps', { objects: maps('k1', 'k2') });
    await harness.synced('keeps');
    const { body } = await plane.api('GET', '/api/v1/namespaces/default/configmaps/kept');
    expect(body.metadata.labels ?? {}).not.toHaveProperty('fairlead.dev/instance');
  });

  it('does not remove an object whose label was taken by someone else', async () => {
    harness.order('robbed', { objects: maps('r1', 'r2', 'r3') });
    await harness.synced('robbed');
    const patch = { metadata: { labels: { 'fairlead.dev/instance': 'f'.repeat(32) } } };
    await plane.api(
      'PATCH',
      '/api/v1/namespaces/default/configmaps/r3',
      patch,
      'application/merge-patch+json',
    );
    await harness.observed('robbed', 'noticed', (seen) => seen.sync === 'FAILED');
    harness.order('robbed', { objects: maps('r1', 'r2') });
    await harness.synced('robbed');
    expect(await isThere('r3')).toBe(true);
  });

  it('holds back an empty render until it is approved for that generation', async () => {
    const instance = harness.order('empty', { objects: maps('e1', 'e2') });
    await harness.synced('empty');
    harness.order('empty', { objects: [] });
    const held = await harness.observed('empty', 'is held', (seen) => seen.sync === 'OUT_OF_SYNC');
    expect(held.message).toMatch(/prune waits for approval: the bundle is empty/);
    expect(held.pendingPrune.map(({ name }) => name).sort()).toEqual(['e1', 'e2']);
    harness.engine.approvePrune(instance, held.generation - 1);
    expect(await isThere('e1')).toBe(true);
    harness.engine.approvePrune(instance, held.generation);
    const seen = await harness.synced('empty');
    expect([await isThere('e1'), await isThere('e2'), seen.pendingPrune.length]).toEqual([false, false, 0]);
  });

  it('holds back a render that drops most objects, and lets go when they return', async () => {
    harness.order('most', { objects: maps('m1', 'm2', 'm3', 'm4') });
    await harness.synced('most');
    harness.order('most', { objects: maps('m1') });
    const held = await harness.observed('most', 'is held', (seen) => seen.sync === 'OUT_OF_SYNC');
    expect(held.message).toContain('3 objects of 4 would be removed, more than 50 %');
    harness.order('most', { objects: maps('m1', 'm2', 'm3') });
    await harness.synced('most');
    expect(await isThere('m4')).toBe(false);
  });

  it('holds back the removal of a namespace', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'precious' } };
    harness.order('guarded', { objects: [namespace, ...maps('g1', 'g2', 'g3')] });
    await harness.synced('guarded');
    harness.order('guarded', { objects: maps('g1', 'g2', 'g3') });
    const held = await harness.observed('guarded', 'is held', (seen) => seen.sync === 'OUT_OF_SYNC');
    expect(held.pendingPrune).toEqual([{ apiVersion: 'v1', kind: 'Namespace', name: 'precious' }]);
  });

  it('does not remove the old object while its successor is refused', async () => {
    harness.order('renamed', { objects: [...maps('n1', 'n2'), service('old')] });
    await harness.synced('renamed');
    harness.order('renamed', {
      objects: [...maps('n1', 'n2'), { ...service('new'), spec: { ports: [{ port: 0 }] } }],
    });
    await harness.observed('renamed', 'is FAILED', (seen) => seen.sync === 'FAILED');
    expect((await plane.api('GET', '/api/v1/namespaces/default/services/old')).status).toBe(200);
    harness.order('renamed', { objects: [...maps('n1', 'n2'), service('new')] });
    await harness.synced('renamed');
    expect((await plane.api('GET', '/api/v1/namespaces/default/services/old')).status).toBe(404);
  });

  it('orphans nothing when it dies between the inventory and the apply', async () => {
    const instance = harness.order('crash', { objects: maps('c1', 'c2', 'c3') });
    await until('the inventory is written', async () => (await inventoryCount(instance)) === 1, {
      intervalMs: 1,
    });
    await harness.crashAndRestart();
    harness.order('crash', { tombstone: 'PRUNE' });
    await harness.observed('crash', 'is removed', (seen) => seen.sync === 'SYNCED');
    expect([await isThere('c1'), await isThere('c2'), await isThere('c3')]).toEqual([false, false, false]);
    expect(await inventoryCount(instance)).toBe(0);
  });

  it('removes everything and its inventory for a PRUNE tombstone, without asking again', async () => {
    const instance = harness.order('ended', {
      objects: [...maps('t1'), deployment('t2', 'registry.example/t:1')],
    });
    await harness.synced('ended');
    expect(await inventoryCount(instance)).toBe(1);
    harness.order('ended', { tombstone: 'PRUNE' });
    await harness.synced('ended');
    expect([await isThere('t1'), await inventoryCount(instance)]).toEqual([false, 0]);
    expect((await plane.api('GET', '/apis/apps/v1/namespaces/default/deployments/t2')).status).toBe(404);
  });

  it('removes what carries its label where its inventory was deleted, and lets go of it for ORPHAN', async () => {
    for (const [name, tombstone] of [
      ['lost', 'PRUNE'],
      ['freed', 'ORPHAN'],
    ] as const) {
      const instance = harness.order(name, {
        objects: [...maps(`${name}-map`), service(`${name}-service`)],
      });
      await harness.synced(name);
      await harness.engine.stop();
      await plane.api('DELETE', `/api/v1/namespaces/fairlead-agent/secrets/fairlead-inventory-${instance}-0`);
      harness.order(name, { tombstone });
      await harness.crashAndRestart();
      await harness.observed(name, 'is buried', (seen) => seen.sync === 'SYNCED');
      expect([await isThere(`${name}-map`), await inventoryCount(instance)]).toEqual([
        tombstone === 'ORPHAN',
        0,
      ]);
    }
    const services = '/api/v1/namespaces/default/services';
    expect((await plane.api('GET', `${services}/lost-service`)).status).toBe(404);
    const { body } = await plane.api('GET', `${services}/freed-service`);
    expect(body.metadata.labels ?? {}).toEqual({});
  });

  it('removes no copy that somebody made with its label, and says so, where its inventory was deleted', async () => {
    const instance = harness.order('copied', { objects: maps('original') });
    await harness.synced('copied');
    const { body } = await plane.api('GET', '/api/v1/namespaces/default/configmaps/original');
    const copy = { ...body, metadata: { name: 'copy', labels: body.metadata.labels } };
    await plane.api('POST', '/api/v1/namespaces/default/configmaps?fieldManager=kubectl-create', copy);
    await harness.engine.stop();
    await plane.api('DELETE', `/api/v1/namespaces/fairlead-agent/secrets/fairlead-inventory-${instance}-0`);
    harness.order('copied', { tombstone: 'PRUNE' });
    await harness.crashAndRestart();
    await harness.observed('copied', 'is buried', (seen) => seen.sync === 'SYNCED');
    expect([await isThere('original'), await isThere('copy')]).toEqual([false, true]);
    expect(harness.lines.filter((line) => line.includes('ConfigMap/default/copy'))).toHaveLength(1);
  });

  it('leaves everything without its label for an ORPHAN tombstone', async () => {
    const instance = harness.order('left', { objects: maps('l1', 'l2') });
    await harness.synced('left');
    harness.order('left', { tombstone: 'ORPHAN' });
    await harness.synced('left');
    const { body } = await plane.api('GET', '/api/v1/namespaces/default/configmaps/l1');
    expect([body.metadata.labels ?? {}, await inventoryCount(instance)]).toEqual([{}, 0]);
  });

  it('leaves alone, and removes nothing of, what a full list does not name', async () => {
    const instance = harness.order('unknown', { objects: maps('u1') });
    await harness.synced('unknown');
    harness.engine.setAssignments({ kind: 'FULL', assignments: [harness.assignment('exact')] });
    expect(harness.engine.unassigned().map((stored) => stored.instance)).toContain(instance);
    expect([await isThere('u1'), await inventoryCount(instance)]).toEqual([true, 1]);
  });
});
