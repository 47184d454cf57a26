// How a field is named in differences and in ignore rules. Pure.
// `spec.template.spec.containers[name=web].image`, `metadata.annotations["a.b/c"]`, `spec.ports[0]`, `[*]` for any item.
import type { Json } from '@fairlead/protocol/kubernetes-object';

/** One step down: a member, a list item by index, by a key's value, or any item. */
export type PathStep =
  | { readonly type: 'MEMBER'; readonly name: string }
  | { readonly type: 'INDEX'; readonly index: number }
  | { readonly type: 'ITEM'; readonly key: string; readonly value: string }
  | { readonly type: 'ANY' };

const STEP = /\["([^"]*)"\]|\[(\d+)\]|\[\*\]|\[([^=\]]+)=([^\]]*)\]|([^.[\]]+)/gy;

/** The steps of a path; a JSON pointer (`/spec/replicas`) is understood too. `undefined` when it is malformed. */
export function parsePath(path: string): readonly PathStep[] | undefined {
  if (path.startsWith('/')) return path.slice(1).split('/').map(pointerStep);
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  let position = 0;
  while (position < path.length) {
    STEP.lastIndex = position;
    const match = STEP.exec(path);
    if (!match) return undefined;
    steps.push(stepOf(match));
    position = STEP.lastIndex + (path[STEP.lastIndex] === '.' ? 1 : 0);
  }
  return steps;
}

/** The path of a member below `parent`; the empty string is the object itself. */
export function memberPath(parent: string, name: string): string {
  if (/[.[\]"]/.test(name)) return `${parent}["${name}"]`;
  return parent === '' ? name : `${parent}.${name}`;
}

/** A copy of the value without the field; the value itself where the field is not there. */
export function withoutPath(value: Json, steps: readonly PathStep[]): Json {
  const [step, ...rest] = steps;
  if (!step || value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? withoutInList(value, step, rest) : withoutInMembers(value, step, rest);
}

function withoutInList(items: Json[], step: PathStep, rest: readonly PathStep[]): Json {
  if (rest.length === 0) return items.filter((item, index) => !selects(step, item, index));
  return items.map((item, index) => (selects(step, item, index) ? withoutPath(item, rest) : item));
}

function withoutInMembers(
  members: { [key: string]: Json | undefined },
  step: PathStep,
  rest: readonly PathStep[],
): Json {
  if (step.type !== 'MEMBER' || members[step.name] === undefined) return members;
  const { [step.name]: below, ...others } = members;
  return rest.length === 0 || below === undefined
    ? others
    : { ...members, [step.name]: withoutPath(below, rest) };
}

function selects(step: PathStep, item: Json, index: number): boolean {
  switch (step.type) {
    case 'ANY':
      return true;
    case 'INDEX':
      return step.index === index;
    case 'MEMBER':
      return step.name === String(index) || step.name === '*';
    case 'ITEM':
      return hasValue(item, step.key, step.value);
  }
}

function hasValue(item: Json, key: string, value: string): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const found = item[key];
  return typeof found === 'string' ? found === value : JSON.stringify(found) === value;
}

function pointerStep(part: string): PathStep {
  return { type: 'MEMBER', name: part.replaceAll('~1', '/').replaceAll('~0', '~') };
}

function stepOf([whole, quoted, index, key, value, plain]: RegExpExecArray): PathStep {
  if (quoted !== undefined) return { type: 'MEMBER', name: quoted };
  if (index !== undefined) return { type: 'INDEX', index: Number(index) };
  if (key !== undefined) return { type: 'ITEM', key, value: value ?? '' };
  return plain === undefined || whole === '[*]' ? { type: 'ANY' } : { type: 'MEMBER', name: plain };
}
