// How a field is named in differences, exceptions and ignore rules. Pure.
// `spec.template.spec.containers[name=web].image`, `spec.ports[port=80,protocol=TCP]`, `metadata.annotations["a.b/c"]`,
// `metadata.finalizers[="a.b/c"]`, `spec.args[0]`, `[*]` for any item.
import type { Json } from '@fairlead/protocol/kubernetes-object';

/** One step down: a member, a list item by index, by its keys' values, by its own value, or any item. */
export type PathStep =
  | { readonly type: 'MEMBER'; readonly name: string }
  | { readonly type: 'INDEX'; readonly index: number }
  | { readonly type: 'ITEM'; readonly keys: readonly ItemKey[] }
  | { readonly type: 'VALUE'; readonly value: string }
  | { readonly type: 'ANY' };

/** A key of a list item, and its value as text. */
export type ItemKey = readonly [key: string, value: string];

/** A field by its steps; none is the object itself. */
export type FieldSteps = readonly PathStep[];

const QUOTED = /"(?:[^"\\]|\\.)*"/.source;
const STEP = new RegExp(
  String.raw`\["([^"]*)"\]|\[(\d+)\]|\[\*\]|\[((?:[^\]="]*)=(?:${QUOTED}|[^\]"])*)\]|([^.[\]]+)`,
  'gy',
);
const KEY = new RegExp(String.raw`([^=,]*)=(${QUOTED}|[^,]*)(?:,|$)`, 'g');

/** The steps of a path; a JSON pointer (`/spec/replicas`) is understood too. `undefined` when it is malformed. */
export function parsePath(path: string): FieldSteps | undefined {
  if (path.startsWith('/')) return path.slice(1).split('/').map(pointerStep);
  const steps: PathStep[] = [];
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

/** The path as `parsePath` reads it back. */
export function pathText(steps: FieldSteps): string {
  return steps.reduce(
    (path, step) => (step.type === 'MEMBER' ? memberPath(path, step.name) : path + listStepText(step)),
    '',
  );
}

/** The path of a member below `parent`; the empty string is the object itself. */
export function memberPath(parent: string, name: string): string {
  if (/[.[\]"/=]/.test(name)) return `${parent}["${name}"]`;
  return parent === '' ? name : `${parent}.${name}`;
}

/** Whether a field is the one that the pattern names, or below it. A pattern may name fewer keys of an item, or any. */
export function isBelow(steps: FieldSteps, pattern: FieldSteps): boolean {
  return pattern.every((wanted, index) => {
    const step = steps[index];
    return step !== undefined && covers(wanted, step);
  });
}

/** The value of a field, or `undefined` where it is not there. */
export function valueAt(value: Json | undefined, steps: FieldSteps): Json | undefined {
  const [step, ...rest] = steps;
  if (!step) return value;
  if (value === null || typeof value !== 'object') return undefined;
  if (!Array.isArray(value)) {
    return step.type === 'MEMBER' ? valueAt(value[step.name], rest) : undefined;
  }
  const found = value.find((item, index) => selects(step, item, index));
  return found === undefined ? undefined : valueAt(found, rest);
}

/** A copy of the value without the field; the value itself where the field is not there. */
export function withoutPath(value: Json, steps: FieldSteps): Json {
  return withReplaced(value, steps, undefined);
}

/** A copy of the value with the field at this value; the value itself where the field is not there. */
export function withValueAt(value: Json, steps: FieldSteps, replacement: Json): Json {
  return withReplaced(value, steps, replacement);
}

function withReplaced(value: Json, [step, ...rest]: FieldSteps, by: Json | undefined): Json {
  if (!step || value === null || typeof value !== 'object') return value;
  const below = (child: Json): Json | undefined => (rest.length === 0 ? by : withReplaced(child, rest, by));
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const kept = selects(step, item, index) ? below(item) : item;
      return kept === undefined ? [] : [kept];
    });
  }
  if (step.type !== 'MEMBER') return value;
  const { [step.name]: child, ...others } = value;
  if (child === undefined) return value;
  const kept = below(child);
  return kept === undefined ? others : { ...value, [step.name]: kept };
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
      return hasKeys(item, step.keys);
    case 'VALUE':
      return scalarText(item) === step.value;
  }
}

/** A key that the item does not give, such as a port's protocol, is taken to have its default. */
function hasKeys(item: Json, keys: readonly ItemKey[]): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const given = keys.filter(([key]) => item[key] !== undefined);
  return given.length > 0 && given.every(([key, value]) => scalarText(item[key]) === value);
}

function covers(wanted: PathStep, step: PathStep): boolean {
  if (wanted.type === 'ANY') return step.type !== 'MEMBER';
  if (wanted.type === 'ITEM' && step.type === 'ITEM') {
    const actual = new Map(step.keys);
    return wanted.keys.every(([key, value]) => actual.get(key) === value);
  }
  return JSON.stringify(step) === JSON.stringify(wanted);
}

function scalarText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function pointerStep(part: string): PathStep {
  return { type: 'MEMBER', name: part.replaceAll('~1', '/').replaceAll('~0', '~') };
}

function stepOf([whole, quoted, index, keys, plain]: RegExpExecArray): PathStep {
  if (quoted !== undefined) return { type: 'MEMBER', name: quoted };
  if (index !== undefined) return { type: 'INDEX', index: Number(index) };
  if (keys !== undefined) return itemStep(keys);
  return plain === undefined || whole === '[*]' ? { type: 'ANY' } : { type: 'MEMBER', name: plain };
}

function itemStep(text: string): PathStep {
  const keys = [...text.matchAll(KEY)].map(([, key = '', value = '']): ItemKey => [key, unquoted(value)]);
  const [first] = keys;
  return first?.[0] === '' ? { type: 'VALUE', value: first[1] } : { type: 'ITEM', keys };
}

function listStepText(step: Exclude<PathStep, { type: 'MEMBER' }>): string {
  switch (step.type) {
    case 'ANY':
      return '[*]';
    case 'INDEX':
      return `[${step.index}]`;
    case 'VALUE':
      return `[=${quotedWhereNeeded(step.value)}]`;
    case 'ITEM':
      return `[${step.keys.map(([key, value]) => `${key}=${quotedWhereNeeded(value)}`).join(',')}]`;
  }
}

function quotedWhereNeeded(value: string): string {
  return /[\]",=\\]/.test(value) ? JSON.stringify(value) : value;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}
