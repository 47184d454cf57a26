import { expect, it } from 'vitest';
import { Claims } from './claims.ts';

const claims = () => {
  const freed: string[] = [];
  return { freed, claims: new Claims((instance) => freed.push(instance)) };
};

it('belong to whoever comes first, and only to them', () => {
  const { claims: all } = claims();
  expect([all.take('a', 'first'), all.take('a', 'first'), all.take('a', 'second')]).toEqual([
    undefined,
    undefined,
    'first',
  ]);
});

it('wake whoever was refused, once, when the holder lets go', () => {
  const { claims: all, freed } = claims();
  all.take('a', 'first');
  all.take('a', 'second');
  all.take('a', 'second');
  all.take('b', 'first');
  all.release('a', 'second');
  expect(freed).toEqual([]);
  all.release('a', 'first');
  expect(freed).toEqual(['second']);
  expect(all.take('a', 'second')).toBeUndefined();
  all.releaseAll('first');
  expect(freed).toEqual(['second']);
});

it('are seized by an adoption, and then let go by the new holder alone', () => {
  const { claims: all, freed } = claims();
  all.take('a', 'first');
  all.seize('a', 'second');
  expect(all.take('a', 'first')).toBe('second');
  all.release('a', 'first');
  expect(freed).toEqual([]);
  all.releaseAll('second');
  expect(freed).toEqual(['first']);
});
