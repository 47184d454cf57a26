// managedFields of an object: reading, writing, and what an ordinary write (not an apply) does to them.
import type { Json, JsonObject } from '../json-value.ts';
import { objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { FieldSet } from './field-set.ts';
import { difference, fromFieldsV1, isEmptySet, toFieldsV1, union, withoutBranch } from './field-set.ts';
import { compareObjects } from './owned-fields.ts';
import type { Shape } from './shape.ts';

export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** RFC 3339; absent where the API server writes none (the scale subresource). */
  readonly time: string | undefined;
  readonly subresource: string | undefined;
  readonly fields: FieldSet;
}

/** The identity under which a write is recorded. */
export type Writer = Omit<ManagedEntry, 'fields'>;

/** Entries of the object; none when the list is absent or was reset by a list with one empty entry. */
export const readManagedFields = (metadata: JsonObject): ManagedEntry[] =>
  objectsOf(metadata['managedFields'])
    .filter((entry) => typeof entry['operation'] === 'string')
    .map((entry) => ({
      manager: stringOf(entry['manager']) ?? '',
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      apiVersion: stringOf(entry['apiVersion']) ?? '',
      time: stringOf(entry['time']),
      subresource: stringOf(entry['subresource']),
      fields: fromFieldsV1(objectOf(entry['fieldsV1'])),
    }));

/** The wire form, in the API server's order: Apply before Update, then by time, then by name. */
export const writeManagedFields = (entries: readonly ManagedEntry[]): Json[] =>
  entries
    .filter((entry) => !isEmptySet(entry.fields))
    .toSorted(byOperationTimeAndName)
    .map((entry) => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time !== undefined && { time: entry.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(entry.fields),
      ...(entry.subresource !== undefined && { subresource: entry.subresource }),
    }));

const orderKey = (entry: ManagedEntry): string =>
  [entry.operation, entry.time ?? '', entry.manager, entry.apiVersion, entry.subresource ?? ''].join('\0');

const byOperationTimeAndName = (a: ManagedEntry, b: ManagedEntry): number =>
  orderKey(a) < orderKey(b) ? -1 : Number(orderKey(a) > orderKey(b));

/** True when the entry belongs to the writer; an applier keeps its entry when it changes the API version. */
export const isEntryOf = (entry: ManagedEntry, writer: Writer): boolean =>
  entry.manager === writer.manager &&
  entry.operation === writer.operation &&
  entry.subresource === writer.subresource &&
  (entry.operation === 'Apply' || entry.apiVersion === writer.apiVersion);

const SERVER_OWNED = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'selfLink',
  'managedFields',
];

/** What nobody can own: identity, and what the server alone writes. */
export function withoutServerOwned(set: FieldSet): FieldSet {
  let left = withoutBranch(withoutBranch(set, 'f:apiVersion'), 'f:kind');
  for (const name of SERVER_OWNED) left = withoutBranch(left, 'f:metadata', `f:${name}`);
  return left;
}

export interface Write {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly shape: Shape;
}

/** Entries after an ordinary write: the writer takes what it changed, everybody loses what is gone. */
export function recordUpdate(entries: readonly ManagedEntry[], write: Write, writer: Writer): ManagedEntry[] {
  const { added, modified, removed } = compareObjects(write.before, write.after, write.shape);
  const taken = withoutServerOwned(union(added, modified));
  const lost = union(taken, removed);
  const own = entries.find((entry) => isEntryOf(entry, writer));
  const others = entries
    .filter((entry) => entry !== own)
    .map((entry) => ({ ...entry, fields: difference(entry.fields, lost) }));
  const left = own ? difference(own.fields, removed) : undefined;
  if (!isEmptySet(taken) && !isScaleToZero(write, writer))
    others.push({ ...writer, fields: left ? union(left, taken) : taken });
  else if (own && left) others.push({ ...own, fields: left });
  return others.filter((entry) => !isEmptySet(entry.fields));
}

// A Scale says nothing of replicas where they are 0, so the API server finds nothing to write the scaler's name at.
const isScaleToZero = ({ after }: Write, { subresource }: Writer): boolean =>
  subresource === 'scale' && valueAt(after, 'spec', 'replicas') === 0;
