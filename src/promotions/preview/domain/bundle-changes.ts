// What a release would change in a cluster, object by object, and which clusters it would change the same way.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { isSecret, MASK, maskObject } from '@fairlead/protocol/masking';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { lineDiff } from './line-diff.ts';
import { yamlLines } from './object-text.ts';

/** What becomes of one object. */
export interface ObjectChange {
  readonly object: ObjectRef;
  readonly change: 'CREATED' | 'CONFIGURED' | 'DELETED';
  /** Lines of YAML marked with +, - or a space; values of Secrets are masked. */
  readonly diff: string;
}

/** A change and the number of clusters in which it would be the very same. */
export interface GroupedChange extends ObjectChange {
  readonly clusters: number;
}

const MAX_DIFF_CHARACTERS = 20_000;
const CHANGED = `${MASK} (changed)`;

/** By object; the same objects make no change. */
export function bundleChanges(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): ObjectChange[] {
  const [was, is] = [byId(before), byId(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .flatMap((id) => changeOf(was.get(id), is.get(id)) ?? []);
}

/** Adds up changes that are the same wherever they happen, in a stable order. */
export class ChangeGroups {
  readonly #groups = new Map<string, GroupedChange>();

  add(changes: readonly ObjectChange[], clusters: number): void {
    for (const each of changes) {
      const key = `${resourceId(each.object)}\n${each.change}\n${each.diff}`;
      const known = this.#groups.get(key);
      this.#groups.set(key, { ...each, clusters: (known?.clusters ?? 0) + clusters });
    }
  }

  /** By object, the change of most clusters first. */
  sorted(): GroupedChange[] {
    return [...this.#groups]
      .toSorted(([keyA, a], [keyB, b]) => {
        const [idA, idB] = [resourceId(a.object), resourceId(b.object)];
        if (idA !== idB) return idA < idB ? -1 : 1;
        return b.clusters - a.clusters || (keyA < keyB ? -1 : 1);
      })
      .map(([, group]) => group);
  }
}

function byId(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map((object) => [resourceId(refOf(object)), object]));
}

function changeOf(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
): ObjectChange | undefined {
  const object = is ?? was;
  if (!object) return undefined;
  const [before, after] = [was ? linesOf(was) : [], is ? linesOf(is, was) : []];
  const diff = lineDiff(before, after);
  if (diff.length === 0) return undefined;
  const change = !was ? 'CREATED' : is ? 'CONFIGURED' : 'DELETED';
  return { object: refOf(object), change, diff: bounded(diff.join('\n')) };
}

/** A Secret shows which of its values changed, and none of them. */
function linesOf(object: KubernetesObject, before?: KubernetesObject): string[] {
  const masked = maskObject(object);
  if (!before || !isSecret(object) || !isSecret(before)) return yamlLines(masked);
  const marked = ['data', 'stringData'].flatMap((member) => {
    const values = valuesOf(object[member]);
    const former = valuesOf(before[member]);
    if (Object.keys(values).length === 0) return [];
    const shown = Object.entries(values).map(([key, value]) => [
      key,
      key in former && former[key] !== value ? CHANGED : MASK,
    ]);
    return [[member, Object.fromEntries(shown)] as const];
  });
  return yamlLines({ ...masked, ...Object.fromEntries(marked) });
}

function valuesOf(member: unknown): Readonly<Record<string, unknown>> {
  return typeof member === 'object' && member !== null ? (member as Readonly<Record<string, unknown>>) : {};
}

function bounded(diff: string): string {
  if (diff.length <= MAX_DIFF_CHARACTERS) return diff;
  return `${diff.slice(0, MAX_DIFF_CHARACTERS)}\n… ${diff.length - MAX_DIFF_CHARACTERS} characters more`;
}
