import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { limitsBroken } from './operation-limits.ts';

const limits = { maxDepth: 3, maxAliases: 2, maxFields: 10, maxTokens: 100 };
const broken = (text: string) => limitsBroken(parse(text), limits);

describe('the limits of an operation', () => {
  it('let what is within them pass', () => {
    expect(broken('{ a { b { c } } x: a y: a }')).toEqual([]);
  });

  it('name a depth, also one that is built of fragments', () => {
    expect(broken('{ a { b { c { d } } } }')).toEqual([expect.stringMatching(/too deep: 4, .* 3/)]);
    expect(broken('{ a { ...F } } fragment F on T { b { ...G } } fragment G on T { c { d } }')).toHaveLength(
      1,
    );
  });

  it('count aliases', () => {
    expect(broken('{ x: a y: a z: a }')).toEqual([expect.stringMatching(/aliases: 3/)]);
  });

  it('count the fields of a fragment each time it is spread, and are quick about it', () => {
    const levels = Array.from({ length: 30 }, (_, n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`);
    const bomb = `{ ...F0 } ${levels.join(' ')} fragment F30 on T { a }`;
    expect(broken(bomb)).toEqual([expect.stringMatching(/fields: 1073741824/)]);
  });

  it('end on a fragment that spreads itself', () => {
    expect(broken('{ ...F } fragment F on T { a ...F }')).toEqual([]);
  });

  it('leave room for the introspection that every tool begins with', () => {
    expect(
      limitsBroken(parse(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }))),
    ).toEqual([]);
  });
});
