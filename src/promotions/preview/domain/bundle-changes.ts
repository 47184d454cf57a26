// What a release would change in a cluster, object by object, and which clusters it would change the same way.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { MASK } from '@fairlead/protocol/masking';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { withoutSecrets } from '@fairlead/protocol/secret-values';
import { lineDiff } from './line-diff.ts';
import { yamlLines } from './object-text.ts';

/** What becomes of one object. */
export interface ObjectChange {
  readonly object: ObjectRef;
  readonly change: 'CREATED' | 'CONFIGURED' | 'DELETED';
  /** Lines of YAML marked with +, - or a space; secret values are masked. */
  readonly diff: string;
}

/** A change and the number of clusters in which it would be the very same. */
export interface GroupedChange extends ObjectChange {
  readonly clusters: number;
}

const MAX_DIFF_CHARACTERS = 20_000;
// A character that is nobody's, so that no value of anybody looks like a token.
const HIDDEN = '\u{F0000}';
const TOKEN = new RegExp(`"?${HIDDEN}[0-9a-f]+"?`, 'gu');

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
  const [before, after] = [was ? linesOf(was) : [], is ? linesOf(is) : []];
  const diff = shown(lineDiff(before, after), manyOf(before));
  if (diff.length === 0) return undefined;
  const change = !was ? 'CREATED' : is ? 'CONFIGURED' : 'DELETED';
  return { object: refOf(object), change, diff: bounded(diff.join('\n')) };
}

/** Secret values stand as tokens, which differ where the values do, and which are never shown. */
function linesOf(object: KubernetesObject): string[] {
  return yamlLines(withoutSecrets(object, tokenOf));
}

function tokenOf(value: Json): string {
  return `${HIDDEN}${Buffer.from(JSON.stringify(value)).toString('hex')}`;
}

/**
 * The lines with masks for tokens: one tells which secret value changed, and none what it was or is. A line that is
 * removed and added with the same value merely moved, unless others look like it, as the values of a list do: two that
 * changed places there did change.
 */
function shown(lines: readonly string[], lookAlike: ReadonlySet<string>): string[] {
  const removed = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const [whole, places] = [new Set(removed), new Set(removed.map(placeOf))];
  return lines.map((line) => {
    const rest = line.slice(1);
    const place = placeOf(rest);
    const hasMoved = whole.has(rest) && !lookAlike.has(place);
    const isChanged = line.startsWith('+') && places.has(place) && !hasMoved;
    return line.replaceAll(TOKEN, JSON.stringify(isChanged ? `${MASK} (changed)` : MASK));
  });
}

/** Places that several lines have. */
function manyOf(lines: readonly string[]): ReadonlySet<string> {
  const byPlace = Map.groupBy(lines, placeOf);
  return new Set([...byPlace].filter(([, alike]) => alike.length > 1).map(([place]) => place));
}

function placeOf(text: string): string {
  return text.replaceAll(TOKEN, '');
}

function bounded(diff: string): string {
  if (diff.length <= MAX_DIFF_CHARACTERS) return diff;
  return `${diff.slice(0, MAX_DIFF_CHARACTERS)}\n… ${diff.length - MAX_DIFF_CHARACTERS} characters more`;
}
