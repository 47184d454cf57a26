import { describe, expect, it } from 'vitest';
import { firstMismatch } from './json-contains.ts';

describe('what an answer must contain', () => {
  it.each([
    [{ ok: true }, { ok: true, more: 1 }],
    [{ a: { b: [1, { c: 'x' }] } }, { a: { b: [1, { c: 'x', d: 0 }], e: null } }],
    [null, null],
    [[], []],
    ['text', 'text'],
  ])('%j is in %j', (expected, actual) => {
    expect(firstMismatch(expected, actual)).toBeUndefined();
  });

  it.each([
    [{ ok: true }, { ok: false }, '$.ok'],
    [{ ok: true }, {}, '$.ok'],
    [{ a: { b: 1 } }, { a: null }, '$.a'],
    [{ list: [1, 2] }, { list: [1, 2, 3] }, '$.list'],
    [{ list: [{ s: 'up' }] }, { list: [{ s: 'down' }] }, '$.list[0].s'],
    [{ n: 1 }, { n: '1' }, '$.n'],
    [{ toString: 1 }, {}, '$.toString'],
    [{ a: null }, {}, '$.a'],
  ])('%j is not in %j, because of %s', (expected, actual, path) => {
    expect(firstMismatch(expected, actual)).toBe(path);
  });
});
