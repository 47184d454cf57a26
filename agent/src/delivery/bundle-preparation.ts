// Makes the objects of a bundle ready for one instance: labelled, placed, ordered, digested.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { groupOf, resourceId } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import { digestOf } from '../drift/owned-digest.ts';
import { kindKey } from '../drift/watch-set.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { kindNotServed } from '../kube/kube-error.ts';
import { isHook, placeOf } from './apply-order.ts';
import type { DesiredObject } from './desired-object.ts';
import type { PreparedBundle, UnresolvedObject } from './instance-state.ts';
import { mayRecreate, prepareObject, runsOnce } from './prepare-object.ts';
import { problemOf } from './problem.ts';

/** Whether a kind lives in namespaces. */
type Scopes = ReadonlyMap<string, boolean | { readonly unknown: unknown }>;

/** What a prepared bundle was made of. */
export function preparationKey({ instance, namespace, bundle }: Assignment): string {
  return `${instance} ${namespace} ${bundle}`;
}

/** Prepares a bundle. Kinds that nobody serves do not stop the others: they are listed with what is wrong. */
export async function prepareBundle(
  objects: readonly KubernetesObject[],
  assignment: Assignment,
  { kube, clock }: { readonly kube: KubeClient; readonly clock: Clock },
): Promise<PreparedBundle> {
  const scopes = await scopesOf(objects, kube);
  const ready: DesiredObject[] = [];
  const unresolved: UnresolvedObject[] = [];
  for (const object of objects) {
    const scope = scopes.get(kindKey(object));
    if (typeof scope === 'boolean') ready.push(...desiredOf(object, assignment, scope));
    else unresolved.push({ ref: refOf(object), problem: problemOf(scope?.unknown, object) });
  }
  return { key: preparationKey(assignment), objects: ready, unresolved, preparedAtMs: clock.now() };
}

function desiredOf(raw: KubernetesObject, assignment: Assignment, namespaced: boolean): DesiredObject[] {
  const place = placeOf(raw);
  if (!place) return [];
  const { instance, namespace } = assignment;
  const object = prepareObject(raw, { instance, namespace, namespaced });
  const ref = refOf(object);
  return [
    {
      id: resourceId(ref),
      ref,
      object,
      digest: digestOf(object),
      place,
      namespaced,
      mayRecreate: mayRecreate(raw),
      runsOnce: runsOnce(raw),
      isHook: isHook(raw),
    },
  ];
}

async function scopesOf(objects: readonly KubernetesObject[], kube: KubeClient): Promise<Scopes> {
  const defined = new Map(objects.flatMap(definedScope));
  const scopes = new Map<string, boolean | { readonly unknown: unknown }>(defined);
  for (const object of objects) {
    const key = kindKey(object);
    if (!scopes.has(key)) scopes.set(key, await servedScope(object, kube));
  }
  return scopes;
}

async function servedScope({ apiVersion, kind }: KubernetesObject, kube: KubeClient) {
  try {
    const resource = await kube.resolve(apiVersion, kind);
    if (resource) return resource.namespaced;
    return { unknown: kindNotServed(apiVersion, kind) };
  } catch (error) {
    return { unknown: error };
  }
}

/** The kind that a CustomResourceDefinition of the same bundle is going to define. */
function definedScope(object: KubernetesObject): [string, boolean][] {
  if (object.kind !== 'CustomResourceDefinition' || groupOf(object.apiVersion) !== 'apiextensions.k8s.io')
    return [];
  const spec = object['spec'] as { group?: string; scope?: string; names?: { kind?: string } } | undefined;
  return [[`${spec?.group ?? ''}/${spec?.names?.kind ?? ''}`, spec?.scope !== 'Cluster']];
}
