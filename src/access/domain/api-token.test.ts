import { describe, expect, it } from 'vitest';
import { apiTokenProblems, isActiveApiToken } from './api-token.ts';

const now = new Date('2026-03-01T12:00:00Z');
const good = {
  name: 'CI of shop',
  user: 'ada',
  role: 'OPERATOR' as const,
  emails: ['ada@example.com'],
  expiresInMs: null,
};

describe('an API token', () => {
  it('may be asked for with a name of several words', () => {
    expect(apiTokenProblems(good)).toEqual([]);
  });

  it('is refused with every problem at once', () => {
    const problems = apiTokenProblems({ ...good, name: '', user: 'a\nb', emails: ['ada'], expiresInMs: 5 });
    expect(problems.map((problem) => problem.split(/[ :]/)[0])).toEqual([
      'name',
      'user',
      'emails',
      'expiresIn',
    ]);
  });

  it('is active until it is revoked or expires', () => {
    expect(isActiveApiToken({ revokedAt: null, expiresAt: null }, now)).toBe(true);
    expect(isActiveApiToken({ revokedAt: now, expiresAt: null }, now)).toBe(false);
    expect(isActiveApiToken({ revokedAt: null, expiresAt: now }, now)).toBe(false);
  });
});
