// Every kind of change is found field by field, told with its writer, and healed until the object is what Git says; the
// fast path never misses what a dry run sees.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { prepareObject } from '../../agent/src/delivery/prepare-object.ts';
import { ownedDifferences } from '../../agent/src/drift/compare.ts';
import { ownedDigest } from '../../agent/src/drift/owned-digest.ts';
import { until } from '../support/until.ts';
import type { DriftChange, ExpectedItem } from './drift-change.ts';
import { driftChanges } from './drift-changes.ts';
import { EngineHarness } from './engine-harness.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const COLLECTIONS: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  Service: '/api/v1/namespaces/default/services',
  ConfigMap: '/api/v1/namespaces/default/configmaps',
  Secret: '/api/v1/namespaces/default/secrets',
};

onEachCluster('an agent that finds every kind of change', (start) => {
  let plane: StartedCluster;
  let harness: EngineHarness;

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  describe.each(driftChanges.map((change, index) => ({ ...change, index })))('$name', (change) => {
    const name = `${change.object.metadata.name}-${change.index}`;
    const path = `${COLLECTIONS[change.object.kind]}/${name}`;
    const object = { ...change.object, metadata: { ...change.object.metadata, name } };
    const live = async () => {
      const { status, body } = await plane.api('GET', path);
      return status === 200 ? body : undefined;
    };
    /** What a dry run of our apply says that differs. */
    const slowPath = async (now: KubernetesObject) => {
      const instance = harness.assignment(name).instance;
      const desired = prepareObject(object, { instance, namespace: 'default', namespaced: true });
      const query = 'fieldManager=fairlead&force=true&dryRun=All';
      const { body } = await plane.api('PATCH', `${path}?${query}`, desired, 'application/apply-patch+yaml');
      // Healing is refused where two ports have no name; then there is a difference for certain.
      return body.kind === 'Status' ? ['refused'] : ownedDifferences(now, body);
    };

    it('is told as what it is', async () => {
      harness.order(name, { objects: [object], policy: { drift: 'REPORT' } });
      await harness.synced(name);
      const { instance } = harness.assignment(name);
      const owned = ownedDigest((await live()) ?? object);
      await change.make(plane.api, path);
      await expectItems(change, instance);
      const now = await live();
      if (!now) return;
      const isSuspicious = ownedDigest(now) !== owned;
      if ((await slowPath(now)).length > 0) expect(isSuspicious).toBe(true);
    });

    it('is healed until the object is what Git says, and told to be over', async () => {
      const { instance } = harness.assignment(name);
      harness.order(name, { policy: { drift: 'HEAL' } });
      const declared = change.items.filter(({ type }) => type !== 'EXTRA').map(({ path: field }) => field);
      await harness.observed(name, 'has nothing that Git sets and that differs', ({ sync, drift = [] }) => {
        return sync === 'SYNCED' && drift.every(({ type }) => type === 'EXTRA');
      });
      const now = await until('the object', live);
      expect(await slowPath(now)).toEqual([]);
      const ended = harness.ended.filter((episode) => episode.instance === instance);
      const healed = ended.filter(({ closedBy, type }) => closedBy === 'HEALED' && type !== 'EXTRA');
      expect(new Set(healed.map(({ path: field }) => field))).toEqual(new Set(declared));
      expect(healed).toHaveLength(declared.length);
      expect(new Set(ended.map(({ episode }) => episode)).size).toBe(ended.length);
    });
  });

  /** Exactly the expected items, and no secret value in any of them. */
  async function expectItems({ items }: DriftChange, instance: string): Promise<void> {
    const wanted = items.map(({ time: _time, ...item }) => item);
    await until('the differences', () => {
      const seen = harness.engine.observe(instance)?.drift ?? [];
      expect(seen).toHaveLength(items.length);
      expect([...seen].sort(byPath)).toEqual(
        [...wanted].sort(byPath).map((item) => expect.objectContaining(item)),
      );
      expect([...seen].sort(byPath).map(({ changedAt }) => changedAt !== undefined)).toEqual(
        [...items].sort(byPath).map(({ time }) => time),
      );
      return true;
    });
    const told = JSON.stringify([harness.engine.observe(instance), harness.lines]);
    for (const secret of ['geheim', 'Z2VoZWlt', 'visible!', 'dmlzaWJsZSE', 'not-for-everyone'])
      expect(told).not.toContain(secret);
  }
});

function byPath(a: Pick<ExpectedItem, 'path'>, b: Pick<ExpectedItem, 'path'>): number {
  return (a.path ?? '').localeCompare(b.path ?? '');
}
