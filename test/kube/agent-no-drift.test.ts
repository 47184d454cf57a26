// There is no drift right after an apply, whatever the API server, its defaults and its controllers make of it: shown
// with objects of every kind of the API, made from its own schema, and with
// bundles of every sort of author.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { prepareObject } from '../../agent/src/delivery/prepare-object.ts';
import { ownedDifferences } from '../../agent/src/drift/compare.ts';
import { controllerFields } from '../../agent/src/drift/controller-fields.ts';
import { bodyOf } from '../../agent/src/drift/left-alone.ts';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { describeOnKube } from '../support/missing.ts';
import { EngineHarness } from './engine-harness.ts';
import { oddBundles } from './odd-bundles.ts';
import { resourcePaths } from './resource-paths.ts';
import { schemaObjects, type SchemaObjects } from './schema-objects.ts';

const APPLY = 'application/apply-patch+yaml';
const FEWEST_KINDS = 50;
const FEWEST_FIELDS = 400;

describeOnKube('an agent that has just applied objects of every kind', () => {
  let plane: ControlPlane;
  let harness: EngineHarness;
  let made: SchemaObjects;

  beforeAll(async () => {
    [plane] = await startControlPlanes(['every-kind']);
    harness = await new EngineHarness(plane).start();
    const metadata = { name: 'made' };
    await plane.api('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
    made = await schemaObjects(plane.api, 'made');
  }, 180_000);
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('has made them of nearly every kind that is served, with many fields', () => {
    process.stdout.write(
      `${made.objects.length} kinds, ${made.fields} further fields; ${made.refused.join('; ')}\n`,
    );
    expect(made.objects.length).toBeGreaterThanOrEqual(FEWEST_KINDS);
    expect(made.fields).toBeGreaterThanOrEqual(FEWEST_FIELDS);
  });

  it('tells no difference and heals nothing', async () => {
    await staysQuiet('every-kind', made.objects, 'made');
  });

  it.each(Object.entries(oddBundles))('tells none of a bundle with %s', async (name, objects) => {
    const application = name.replaceAll(/[^a-z]+/g, '-');
    const metadata = { name: application };
    await plane.api('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
    await staysQuiet(application, objects, application);
  });

  /** Nothing is told, nothing is healed, and a look at each object by a dry run finds nothing either. */
  async function staysQuiet(
    application: string,
    objects: readonly KubernetesObject[],
    namespace: string,
  ): Promise<void> {
    const instance = harness.order(application, { objects, namespace });
    await harness.observed(application, 'is applied', ({ sync }) => sync === 'SYNCED' || sync === 'FAILED');
    const { sync, message, drift } = harness.engine.observe(instance) ?? {};
    expect({ sync, message: sync === 'SYNCED' ? '' : message, drift }).toEqual({
      sync: 'SYNCED',
      message: '',
      drift: [],
    });
    expect(await differing(objects, instance, namespace)).toEqual([]);
    expect(harness.lines.filter((line) => line.startsWith('healed an object'))).toEqual([]);
    expect(harness.ended).toEqual([]);
  }

  async function differing(
    objects: readonly KubernetesObject[],
    instance: string,
    namespace: string,
  ): Promise<readonly string[]> {
    const { pathOf, isNamespaced } = await resourcePaths(plane.api);
    const found: string[] = [];
    for (const object of objects) {
      const desired = prepareObject(object, { instance, namespace, namespaced: isNamespaced(object) });
      const path = pathOf(desired);
      const live = (await plane.api('GET', path)).body;
      const query = 'fieldManager=fairlead&force=true&dryRun=All';
      const { object: body } = bodyOf(desired, live, controllerFields(live, false));
      const wanted = await plane.api('PATCH', `${path}?${query}`, body, APPLY);
      expect([object.kind, wanted.status, wanted.body['message']]).toEqual([object.kind, 200, undefined]);
      found.push(...ownedDifferences(live, wanted.body).map((each) => `${object.kind} ${each.path}`));
    }
    return found;
  }
});
