import { describe, expect, it } from 'vitest';
import { assignmentsDigestText } from './assignments-digest.ts';

const a = { instance: 'a'.repeat(32), generation: 3, bundle: '1'.repeat(64) };
const b = { instance: 'b'.repeat(32), generation: 12, bundle: '2'.repeat(64), tombstone: 'PRUNE' as const };

describe('the digest over all assignments', () => {
  it('is the same in whichever order they come', () => {
    expect(assignmentsDigestText([b, a])).toBe(assignmentsDigestText([a, b]));
  });

  it('names instance, generation, bundle and tombstone of each', () => {
    expect(assignmentsDigestText([a, b])).toBe(
      `${a.instance} 3 ${a.bundle} -\n${b.instance} 12 ${b.bundle} PRUNE\n`,
    );
  });

  it('is made of nothing where nothing is assigned', () => {
    expect(assignmentsDigestText([])).toBe('');
  });
});
