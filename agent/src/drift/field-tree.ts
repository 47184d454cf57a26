// Finds its way in a tree of owned fields, as `metadata.managedFields` has them. Pure.
import type { Json } from '@fairlead/protocol/kubernetes-object';
import type { FieldSteps, PathStep } from './field-path.ts';
import { isBelow } from './field-path.ts';
import type { FieldTree } from './managed-fields.ts';

/** The step that a key of the tree stands for; none for `.`, which stands for the structure itself. */
export function stepOfKey(key: string): PathStep | undefined {
  const text = key.slice(2);
  if (key.startsWith('f:')) return { type: 'MEMBER', name: text };
  if (key.startsWith('i:')) return { type: 'INDEX', index: Number(text) };
  if (key.startsWith('v:')) return { type: 'VALUE', value: scalarText(JSON.parse(text) as Json) };
  if (!key.startsWith('k:')) return undefined;
  const keys = Object.entries(JSON.parse(text) as Record<string, Json>);
  return { type: 'ITEM', keys: keys.map(([name, value]) => [name, scalarText(value)] as const) };
}

/** What is below a node, each with its step. */
export function childrenOf(tree: FieldTree): readonly (readonly [PathStep, FieldTree])[] {
  return Object.entries(tree).flatMap(([key, below]) => {
    const step = stepOfKey(key);
    return step ? [[step, below] as const] : [];
  });
}

/** Whether nothing is below: the field is owned as one value. */
export function isLeaf(tree: FieldTree): boolean {
  return Object.keys(tree).every((key) => key === '.');
}

/** Whether the tree holds this field: itself, a value that it is part of, or something below it. */
export function holds(tree: FieldTree | undefined, [step, ...rest]: FieldSteps): boolean {
  if (!tree) return false;
  if (!step) return true;
  const next = childrenOf(tree).find(([candidate]) => isBelow([candidate], [step]));
  return next ? isLeaf(next[1]) || holds(next[1], rest) : false;
}

/** The owned values that are the field of the pattern, or below it, or of which it is a part. */
export function leavesAt(tree: FieldTree, pattern: FieldSteps): readonly FieldSteps[] {
  return leavesOf(tree).filter((steps) => isBelow(steps, pattern) || isBelow(pattern, steps));
}

/** All owned values. The keys of a list item are left out: they are its name, not its content. */
export function leavesOf(tree: FieldTree, above: FieldSteps = []): readonly FieldSteps[] {
  return childrenOf(tree).flatMap(([step, below]) => {
    const steps = [...above, step];
    if (isKeyOf(above.at(-1), step)) return [];
    return isLeaf(below) ? [steps] : leavesOf(below, steps);
  });
}

function isKeyOf(item: PathStep | undefined, step: PathStep): boolean {
  return item?.type === 'ITEM' && step.type === 'MEMBER' && item.keys.some(([key]) => key === step.name);
}

function scalarText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
