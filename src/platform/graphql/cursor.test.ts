import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  it('gives the sort key back, each part in its type', () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const cursor = encodeCursor(['prod', 12n, 1.5, at, null]);
    expect(decodeCursor(cursor, ['string', 'bigint', 'number', 'date', 'date?'])).toEqual([
      'prod',
      12n,
      1.5,
      at,
      null,
    ]);
  });

  it('is absent on the first page', () => {
    expect(decodeCursor(undefined, ['bigint'])).toBeUndefined();
    expect(decodeCursor(null, ['bigint'])).toBeUndefined();
  });

  it.each([
    ['no JSON', 'zzz'],
    ['of another list', encodeCursor(['a', 'b'])],
    ['with a part that is no number', encodeCursor(['abc'])],
    ['with a null where none may be', encodeCursor([null])],
    ['empty', ''],
  ])('that is %s is refused', (_case, cursor) => {
    expect(() => decodeCursor(cursor, ['bigint'])).toThrow(AppError);
  });
});
