// Server-side apply as a function of values: what the object becomes, and who owns its fields afterwards.
import type { JsonObject } from '../json-value.ts';
import { isObject } from '../json-value.ts';
import { applyConflict } from './apply-conflict.ts';
import type { FieldSet } from './field-set.ts';
import { difference, intersection, isEmptySet, union } from './field-set.ts';
import type { ManagedEntry, Writer } from './managed-fields.ts';
import { isEntryOf, recordUpdate, withoutServerOwned } from './managed-fields.ts';
import { mergeApplied, removeDropped } from './merge.ts';
import { claimedFields, compareObjects } from './owned-fields.ts';
import type { Shape } from './shape.ts';

export interface Application {
  /** The live object without what no configuration may set, or `undefined` when there is none yet. */
  readonly live: JsonObject | undefined;
  readonly config: JsonObject;
  readonly entries: readonly ManagedEntry[];
  readonly shape: Shape;
  readonly writer: Writer;
  readonly force: boolean;
}

export interface Applied {
  readonly object: JsonObject;
  readonly entries: ManagedEntry[];
}

/** Throws 409 with every conflicting field when another manager owns a field that would change, unless forced. */
export function serverSideApply(application: Application): Applied {
  const { config, shape, writer, force } = application;
  const live = application.live ?? {};
  const entries = knownEntries(application);
  const claims = withoutServerOwned(claimedFields(config, shape));
  const own = entries.find((entry) => isEntryOf(entry, writer));
  const others = entries.filter((entry) => entry !== own);
  const kept = others.reduce((all, entry) => union(all, entry.fields), claims);
  const merged = mergeApplied(live, config, shape);
  const pruned = own ? removeDropped(merged, withoutServerOwned(own.fields), kept, shape) : merged;
  // The last applied label may take all of metadata along; the server's own part of it comes back when it is stored.
  const object = { metadata: {}, ...(isObject(pruned) ? pruned : live) };

  const { added, modified, removed } = compareObjects(live, object, shape);
  const changed = union(added, modified);
  if (!force) refuseConflicts(others, changed);
  const isSame = isEmptySet(changed) && isEmptySet(removed);
  const lost = union(changed, removed);
  const left = others.map((entry) => ({ ...entry, fields: difference(entry.fields, lost) }));
  const time = isSame ? own?.time : writer.time;
  return { object, entries: [...left, { ...writer, time, fields: claims }] };
}

function refuseConflicts(others: readonly ManagedEntry[], changed: FieldSet): void {
  const conflicts = others
    .map((entry) => ({ entry, fields: intersection(entry.fields, changed) }))
    .filter((conflict) => !isEmptySet(conflict.fields));
  if (conflicts.length > 0) throw applyConflict(conflicts);
}

/** An object that nobody is recorded for belongs to everybody before: else a first apply could take it silently. */
function knownEntries({ live, entries, shape, writer }: Application): readonly ManagedEntry[] {
  if (!live || entries.length > 0) return entries;
  const before: Writer = {
    ...writer,
    manager: 'before-first-apply',
    operation: 'Update',
    subresource: undefined,
  };
  return recordUpdate([], { before: {}, after: live, shape }, before);
}
