// Sets of field paths: the algebra that ownership stands on.
import { describe, expect, it } from 'vitest';
import {
  difference,
  fromFieldsV1,
  intersection,
  isEmptySet,
  pathsOf,
  sameSet,
  toFieldsV1,
  union,
} from './field-set.ts';

const set = (fields: Parameters<typeof fromFieldsV1>[0]) => fromFieldsV1(fields);

describe('a set of field paths', () => {
  it('reads and writes the wire form without a change', () => {
    const fields = {
      'f:a': {},
      'f:b': { '.': {}, 'k:{"name":"x"}': { '.': {}, 'f:name': {} } },
      'f:c': { 'v:1': {} },
    };
    expect(toFieldsV1(set(fields))).toEqual(fields);
  });

  it('joins members and branches', () => {
    const joined = union(set({ 'f:a': {}, 'f:b': { 'f:x': {} } }), set({ 'f:b': { '.': {}, 'f:y': {} } }));
    expect(toFieldsV1(joined)).toEqual({ 'f:a': {}, 'f:b': { '.': {}, 'f:x': {}, 'f:y': {} } });
  });

  it('takes away exact paths only, and drops branches that become empty', () => {
    const left = difference(
      set({ 'f:a': { '.': {}, 'f:x': {} }, 'f:b': { 'f:y': {} } }),
      set({ 'f:a': {}, 'f:b': { 'f:y': {} } }),
    );
    expect(toFieldsV1(left)).toEqual({ 'f:a': { 'f:x': {} } });
  });

  it('finds what two sets share', () => {
    const shared = intersection(
      set({ 'f:a': {}, 'f:b': { 'f:x': {} } }),
      set({ 'f:b': { 'f:x': {}, 'f:y': {} } }),
    );
    expect(pathsOf(shared)).toEqual([['f:b', 'f:x']]);
    expect(isEmptySet(intersection(set({ 'f:a': {} }), set({ 'f:b': {} })))).toBe(true);
  });

  it('is the same whatever the order of its paths', () => {
    expect(sameSet(set({ 'f:a': {}, 'f:b': {} }), set({ 'f:b': {}, 'f:a': {} }))).toBe(true);
    expect(sameSet(set({ 'f:a': {} }), set({ 'f:a': { '.': {}, 'f:b': {} } }))).toBe(false);
  });
});
