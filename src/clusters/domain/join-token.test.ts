import { describe, expect, it } from 'vitest';
import { joinTokenProblems, type JoinTokenRequest } from './join-token.ts';

const good: JoinTokenRequest = {
  clusterName: 'prod-1',
  labels: {},
  maxUses: 1,
  expiresInMs: 3_600_000,
  autoAccept: true,
  replaces: null,
};

describe('a join token', () => {
  it.each([
    good,
    { ...good, clusterName: 'edge-*', maxUses: 500, labels: { env: 'edge' }, autoAccept: false },
    { ...good, replaces: 'prod-1' },
  ])('may be asked for as %j', (request) => {
    expect(joinTokenProblems(request)).toEqual([]);
  });

  it('is refused with every problem at once', () => {
    const problems = joinTokenProblems({
      clusterName: 'Prod',
      labels: { a: 'b' },
      maxUses: 0,
      expiresInMs: 0,
      autoAccept: false,
      replaces: 'prod-1',
    });
    expect(problems).toEqual([
      expect.stringContaining('"Prod"'),
      expect.stringContaining('maxUses'),
      expect.stringContaining('expiresIn'),
      expect.stringContaining('keeps its name'),
      expect.stringContaining('keeps the labels'),
      expect.stringContaining('autoAccept'),
    ]);
  });

  it('for one name has one use', () => {
    expect(joinTokenProblems({ ...good, maxUses: 2 })).toEqual([expect.stringContaining('"prod-1-*"')]);
  });
});
