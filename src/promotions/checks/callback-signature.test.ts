import { describe, expect, it } from 'vitest';
import { isSignedBy, sign } from './callback-signature.ts';

const now = new Date('2026-03-01T12:00:00Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const body = '{"verdict":"PASSED"}';
const header = sign('a secret of the tests', body, now);

describe('a signature', () => {
  it('is good for its body, its secret and five minutes, both ways', () => {
    const times = [0, 299_000, -299_000, 301_000, -301_000].map(later);
    expect(times.map((time) => isSignedBy('a secret of the tests', header, body, time))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['another body', 'a secret of the tests', header, `${body} `],
    ['another secret', 'another secret', header, body],
    ['another time', 'a secret of the tests', header.replace('t=1772366400', 't=1772366401'), body],
    ['no signature', 'a secret of the tests', undefined, body],
    ['a short one', 'a secret of the tests', header.slice(0, -2), body],
    ['an empty one', 'a secret of the tests', 't=1772366400,v1=', body],
  ])('is bad for %s', (_what, secret, given, text) => {
    expect(isSignedBy(secret, given, text, now)).toBe(false);
  });
});
