// From rendered documents to the objects of a bundle: lists expanded, every object judged, what the API server owns
// stripped, and no two of one name.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { isSecret } from '@fairlead/protocol/masking';
import { resourceId, subject } from '@fairlead/protocol/resource-id';
import { asFields, isFields, objectProblem } from './object-problem.ts';

/** A rendered document; `origin` names its file for messages. */
export interface OriginDocument {
  readonly value: unknown;
  readonly origin: string;
}

/** What is wrong with the objects, naming file and reason; never a secret's value. */
export interface ObjectFault {
  readonly code: 'OBJECT_INVALID' | 'DUPLICATE_OBJECT';
  readonly message: string;
}

/** The objects, or the first fault. `namespace`: of objects that name none, so that it counts for their identity. */
export function bundleObjects(
  documents: readonly OriginDocument[],
  namespace: string,
): readonly KubernetesObject[] | ObjectFault {
  const objects: KubernetesObject[] = [];
  const origins = new Map<string, string>();
  for (const { value, origin } of documents.flatMap(expanded)) {
    const problem = objectProblem(value);
    if (problem !== undefined) return { code: 'OBJECT_INVALID', message: `${origin}: ${problem}` };
    const object = normalised(value as KubernetesObject);
    const ref = refOf(object);
    const id = resourceId({ namespace, ...ref });
    const other = origins.get(id);
    if (other !== undefined) return duplicate(subject({ namespace, ...ref }), other, origin);
    origins.set(id, origin);
    objects.push(object);
  }
  return objects;
}

/** Whether the result is a fault. */
export function isObjectFault(result: readonly KubernetesObject[] | ObjectFault): result is ObjectFault {
  return 'code' in result;
}

// Items of a `DeploymentList` may leave out what the list says already; a custom kind that merely ends in "List" has no items.
function expanded({ value, origin }: OriginDocument): OriginDocument[] {
  const { apiVersion, kind, items } = asFields(value);
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [{ value, origin }];
  const implied = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, index) =>
    expanded({
      value: isFields(item) ? { ...implied, ...item } : item,
      origin: `${origin} (item ${index + 1})`,
    }),
  );
}

const serverFields = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'selfLink',
  'creationTimestamp',
];

function normalised(object: KubernetesObject): KubernetesObject {
  const { status: _status, ...rest } = object;
  const kept = Object.entries(object.metadata).filter(
    ([key, value]) => !serverFields.includes(key) && value !== null && !(key === 'namespace' && value === ''),
  );
  const metadata = Object.fromEntries(kept) as KubernetesObject['metadata'];
  return withData({ ...rest, metadata });
}

// The API server would own it as `stringData`, and then nobody sees a change of `data`.
function withData(object: KubernetesObject): KubernetesObject {
  if (!isSecret(object) || !isFields(object['stringData'])) return object;
  const { stringData, ...rest } = object;
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    base64(text),
  ]);
  return { ...rest, data: { ...asFields(object['data']), ...Object.fromEntries(encoded) } };
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function duplicate(what: string, first: string, second: string): ObjectFault {
  return {
    code: 'DUPLICATE_OBJECT',
    message: `${what} is in ${first} and again in ${second}: remove one of them.`,
  };
}
