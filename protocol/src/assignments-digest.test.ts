import { describe, expect, it } from 'vitest';
import { assignmentsText } from './assignments-digest.ts';

const a = { instance: 'a'.repeat(32), generation: 3, bundle: '1'.repeat(64) };
const b = { instance: 'b'.repeat(32), generation: 12, bundle: '2'.repeat(64) };

describe('the digest over all assignments', () => {
  it('is the same in whichever order they come', () => {
    expect(assignmentsText([b, a])).toBe(assignmentsText([a, b]));
  });

  it('names instance, generation and bundle of each, whatever kind of number the generation is', () => {
    const text = `${a.instance} 3 ${a.bundle}\n${b.instance} 12 ${b.bundle}\n`;
    expect(assignmentsText([a, { ...b, generation: 12n }])).toBe(text);
  });

  it('is made of nothing where nothing is assigned', () => {
    expect(assignmentsText([])).toBe('');
  });
});
