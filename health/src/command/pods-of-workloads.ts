// Which pods belong to which workload, told by owner, also through ReplicaSets and Jobs in between.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { fields, fieldsList, text } from '../read-fields.ts';

/** Pods by the uid of whoever owns them, at any remove. */
export type PodsByOwner = ReadonlyMap<string, readonly KubernetesObject[]>;

/** The owners of each pod among the objects. */
export function podsByOwner(objects: readonly KubernetesObject[]): PodsByOwner {
  const owners = new Map<string, readonly string[]>();
  for (const object of objects) {
    const uid = uidOf(object);
    if (uid) owners.set(uid, ownersOf(object));
  }
  const pods = new Map<string, KubernetesObject[]>();
  for (const pod of objects.filter(({ kind }) => kind === 'Pod')) {
    for (const owner of allOwners(ownersOf(pod), owners)) {
      pods.set(owner, [...(pods.get(owner) ?? []), pod]);
    }
  }
  return pods;
}

/** The uid by which others name an object as their owner. */
export function uidOf(object: KubernetesObject): string | undefined {
  return text(fields(object.metadata)['uid']);
}

function ownersOf(object: KubernetesObject): readonly string[] {
  return fieldsList(fields(object.metadata)['ownerReferences']).flatMap(({ uid }) => text(uid) ?? []);
}

function allOwners(first: readonly string[], owners: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const waiting = [...first];
  for (let uid = waiting.pop(); uid !== undefined; uid = waiting.pop()) {
    if (found.has(uid)) continue;
    found.add(uid);
    waiting.push(...(owners.get(uid) ?? []));
  }
  return found;
}
