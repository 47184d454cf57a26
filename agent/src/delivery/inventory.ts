// What an instance applied or is about to apply: the only source for what it may remove. Pure.
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { resourceId } from '@fairlead/protocol/resource-id';
import type { Place } from './apply-order.ts';

/** One object of the inventory. Without `uid` it was only about to be applied. */
export interface InventoryEntry {
  readonly ref: ObjectRef;
  readonly place: Place;
  readonly uid?: string;
  /** Digest of what was applied; with `owned` it lets an unchanged object pass without a request. */
  readonly digest?: string;
  /** Digest of the fields that were ours after that apply. */
  readonly owned?: string;
}

/** Entries by resource id. */
export type Inventory = Map<string, InventoryEntry>;

type Row = readonly [
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  place: Place,
  uid: string,
  digest: string,
  owned: string,
];

/** One line per entry, so that a person can read it. */
export function encodeEntries(entries: readonly InventoryEntry[]): string {
  return entries.map((entry) => JSON.stringify(rowOf(entry)) + '\n').join('');
}

/** The entries of a text; throws `SyntaxError` for a line that is no JSON. */
export function decodeEntries(text: string): InventoryEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => entryOf(JSON.parse(line) as Row));
}

/** Entries keyed by their id. */
export function inventoryOf(entries: Iterable<InventoryEntry>): Inventory {
  return new Map([...entries].map((entry) => [resourceId(entry.ref), entry]));
}

function rowOf({ ref, place, uid, digest, owned }: InventoryEntry): Row {
  return [
    ref.apiVersion,
    ref.kind,
    ref.namespace ?? '',
    ref.name,
    place,
    uid ?? '',
    digest ?? '',
    owned ?? '',
  ];
}

function entryOf([apiVersion, kind, namespace, name, place, uid, digest, owned]: Row): InventoryEntry {
  const ref = namespace ? { apiVersion, kind, namespace, name } : { apiVersion, kind, name };
  return {
    ref,
    place,
    ...(uid && { uid }),
    ...(digest && { digest }),
    ...(owned && { owned }),
  };
}
