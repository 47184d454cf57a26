// The JSON patch that takes additions off an object where a person asked for that. Pure.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { valueAt, type FieldSteps } from './field-path.ts';

/** Removes these fields and nothing else, guarded by the version that was read; fields that are not there are left out. */
export function removalPatch(live: KubernetesObject, fields: readonly FieldSteps[]): readonly unknown[] {
  const places = fields.flatMap((steps) => placeOf(live as Json, steps) ?? []).sort(laterFirst);
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    ...places.map(({ parts }) => ({ op: 'remove', path: `/${parts.map(escaped).join('/')}` })),
  ];
}

interface Place {
  readonly parts: readonly (string | number)[];
}

function placeOf(root: Json, steps: FieldSteps): Place | undefined {
  const parts: (string | number)[] = [];
  let value: Json | undefined = root;
  for (const step of steps) {
    const next: Json | undefined = valueAt(value, [step]);
    if (next === undefined) return undefined;
    if (Array.isArray(value)) parts.push(value.indexOf(next));
    else if (step.type === 'MEMBER') parts.push(step.name);
    value = next;
  }
  return { parts };
}

/** Of one list the later items go first: each removal moves those that follow. */
function laterFirst(a: Place, b: Place): number {
  for (const [index, part] of a.parts.entries()) {
    const other = b.parts[index];
    if (part === other || other === undefined) continue;
    return typeof part === 'number' ? Number(other) - part : part.localeCompare(String(other));
  }
  return 0;
}

function escaped(part: string | number): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}
