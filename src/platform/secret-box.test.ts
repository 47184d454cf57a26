import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.ts';

const box = new SecretBox('a key of more than twenty-four characters');

describe('the secret box', () => {
  it('opens what it sealed, for the same purpose', () => {
    expect(box.open(box.seal('hunter2', 'repository:x'), 'repository:x').toString()).toBe('hunter2');
  });

  it('seals the same text differently each time, and the text is not in it', () => {
    const [a, b] = [box.seal('hunter2', 'p'), box.seal('hunter2', 'p')];
    expect(a.equals(b)).toBe(false);
    expect(a.includes('hunter2')).toBe(false);
  });

  it('does not open for another purpose, under another key, or when a bit was changed', () => {
    const sealed = box.seal('hunter2', 'repository:x');
    const flipped = Buffer.from(sealed);
    flipped.writeUInt8((sealed.at(-1) ?? 0) ^ 1, sealed.length - 1);
    expect(() => box.open(sealed, 'repository:y')).toThrow(/repository:y/);
    expect(() =>
      new SecretBox('another key of more than 24 characters').open(sealed, 'repository:x'),
    ).toThrow(/FAIRLEAD_SECRET_KEY/);
    expect(() => box.open(flipped, 'repository:x')).toThrow();
    expect(() => box.open(Buffer.from('short'), 'repository:x')).toThrow(/not written by/);
  });

  it('knows its own check value and no other', () => {
    expect(box.matches(box.checkValue())).toBe(true);
    expect(new SecretBox('another key of more than 24 characters').matches(box.checkValue())).toBe(false);
  });

  it('derives the same bytes for the same purpose and key, and others for any other', () => {
    const [mine, other] = [
      new SecretBox('a key of the tests, 24+'),
      new SecretBox('another key of the tests'),
    ];
    const derived = [mine.derive('a'), mine.derive('a'), mine.derive('b'), other.derive('a')].map(String);
    expect([derived[0] === derived[1], new Set(derived).size]).toEqual([true, 3]);
  });
});
