import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { decodeId, encodeId } from './opaque-id.ts';

describe('an opaque id', () => {
  it.each([1n, 12n, 9_223_372_036_854_775_807n])('gives %i back', (id) => {
    expect(decodeId('cluster', encodeId('cluster', id))).toBe(id);
  });

  it('is the same each time, and of neighbours nothing alike', () => {
    const [a, again, b] = [encodeId('cluster', 1n), encodeId('cluster', 1n), encodeId('cluster', 2n)];
    expect(a).toBe(again);
    expect(a.slice(0, 8)).not.toBe(b.slice(0, 8));
  });

  it.each(['', 'x', '12', encodeId('release', 1n), `${encodeId('cluster', 1n)}A`, 'é'.repeat(22)])(
    'refuses "%s" as the id of a cluster',
    (text) => {
      expect(() => decodeId('cluster', text)).toThrow(AppError);
    },
  );
});
