import { describe, expect, it } from 'vitest';
import { byteRange } from './byte-range.ts';

describe('a byte range', () => {
  it.each([
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=8-99', { start: 8, end: 9 }],
  ])('%s of ten bytes', (header, expected) => {
    expect(byteRange(header, 10)).toEqual(expected);
  });

  it.each([undefined, '', 'bytes=-', 'lines=1-2', 'bytes=1-2,4-5', 'bytes=5-2', 'bytes=a-b'])(
    '%s is answered with everything',
    (header) => {
      expect(byteRange(header, 10)).toBeUndefined();
    },
  );

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('%s is beyond the end', (header) => {
    expect(byteRange(header, 10)).toBe('UNSATISFIABLE');
  });
});
