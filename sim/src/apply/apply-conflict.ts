// The refusal of an apply that would change fields of other managers, worded as the API server words it.
import type { Json } from '../json-value.ts';
import { StatusError } from '../status-error.ts';
import type { FieldSet } from './field-set.ts';
import { pathsOf } from './field-set.ts';
import type { ManagedEntry } from './managed-fields.ts';
import { pathText } from './shape.ts';

export interface FieldConflict {
  readonly entry: ManagedEntry;
  readonly fields: FieldSet;
}

function ownerText(entry: ManagedEntry): string {
  const name = JSON.stringify(entry.manager);
  const owner = entry.subresource === undefined ? name : `${name} with subresource "${entry.subresource}"`;
  if (entry.operation === 'Apply') return owner;
  return `${owner} using ${entry.apiVersion}`;
}

/** 409 with one cause per field; its message groups the fields by manager when there are several. */
export function applyConflict(conflicts: readonly FieldConflict[]): StatusError {
  const fields = conflicts.flatMap(({ entry, fields: set }) =>
    pathsOf(set).map((path) => ({ owner: ownerText(entry), path: pathText(path) })),
  );
  const causes = fields.map(({ owner, path }): Json => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field: path,
  }));
  return new StatusError(409, 'Conflict', conflictMessage(fields), { causes });
}

function conflictMessage(fields: readonly { owner: string; path: string }[]): string {
  const [first] = fields;
  if (fields.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.path}`;
  }
  const groups = Map.groupBy(fields, (field) => field.owner);
  const texts = [...groups.keys()].sort().map((owner) => {
    const lines = (groups.get(owner) ?? []).map((field) => `- ${field.path}`);
    return `conflicts with ${owner}:\n${lines.join('\n')}`;
  });
  return `Apply failed with ${fields.length} conflicts: ${texts.join('\n')}`;
}
