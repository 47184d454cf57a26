// Server-side apply as a function: what must hold for any configuration, tried on many.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json-value.ts';
import { toFieldsV1 } from './field-set.ts';
import type { ManagedEntry } from './managed-fields.ts';
import { serverSideApply } from './server-side-apply.ts';
import { ATOMIC, fields, keyed, SET } from './shape.ts';

const shape = fields({
  spec: fields({
    parts: keyed('id'),
    tags: SET,
    whole: ATOMIC,
  }),
});

function apply(
  live: JsonObject | undefined,
  spec: JsonObject,
  {
    entries = [],
    manager = 'us',
    force = false,
  }: { entries?: ManagedEntry[]; manager?: string; force?: boolean } = {},
) {
  const writer = {
    manager,
    operation: 'Apply',
    apiVersion: 'v1',
    time: 'now',
    subresource: undefined,
  } as const;
  return serverSideApply({ live, config: { metadata: {}, spec }, entries, shape, writer, force });
}

const spec = fc.record(
  {
    size: fc.integer({ min: 0, max: 3 }),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    parts: fc.uniqueArray(
      fc.record({ id: fc.constantFrom('x', 'y', 'z'), value: fc.integer({ min: 0, max: 3 }) }),
      {
        selector: (part) => part.id,
      },
    ),
    whole: fc.dictionary(fc.constantFrom('k', 'l'), fc.integer()),
  },
  { requiredKeys: [] },
);

describe('server-side apply', () => {
  it('is idempotent: the same configuration again changes neither object nor entries', () => {
    fc.assert(
      fc.property(spec, spec, (before, config) => {
        const other = apply(undefined, before, { manager: 'other' });
        const first = apply(other.object, config, { entries: other.entries, force: true });
        const second = apply(first.object, config, { entries: first.entries, force: true });
        expect(second.object).toEqual(first.object);
        expect(second.entries.map(toComparable)).toEqual(first.entries.map(toComparable));
      }),
    );
  });

  it('by the only manager ends with exactly what was applied last', () => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const first = apply(undefined, before);
        const second = apply(first.object, after, { entries: first.entries });
        const fresh = apply(undefined, after);
        expect(withoutEmpty(second.object)).toEqual(withoutEmpty(fresh.object));
      }),
    );
  });

  it('never changes a field of another manager without force', () => {
    fc.assert(
      fc.property(spec, spec, (theirs, ours) => {
        const other = apply(undefined, theirs, { manager: 'other' });
        try {
          const { object, entries } = apply(other.object, ours, { entries: other.entries });
          expect(object['spec']).toMatchObject(
            Object.fromEntries(Object.entries(theirs).filter(([name]) => name === 'size')),
          );
          expect(entries.find((entry) => entry.manager === 'other')).toEqual(other.entries[0]);
        } catch (error) {
          expect(error).toMatchObject({ code: 409 });
        }
      }),
    );
  });

  it('keeps the order of the configuration and the place of entries that only the live list has', () => {
    const live = { metadata: {}, spec: { parts: [{ id: 'a' }, { id: 'b' }] } };
    const { object } = apply(live, { parts: [{ id: 'c' }, { id: 'a' }] }, { force: true });
    expect(object).toMatchObject({ spec: { parts: [{ id: 'c' }, { id: 'a' }, { id: 'b' }] } });
  });
});

const toComparable = (entry: ManagedEntry) => ({ manager: entry.manager, fields: toFieldsV1(entry.fields) });

/** Structures that became empty may stay; they say nothing. */
function withoutEmpty(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, child: unknown) =>
      typeof child === 'object' && child !== null && Object.keys(child).length === 0 ? undefined : child,
    ) ?? 'null',
  );
}
