import { describe, expect, it } from 'vitest';
import { parseRemoteRefs, refCandidates, refProblem } from './remote-refs.ts';

describe('refs', () => {
  it('reads branch and commit of HEAD', () => {
    const refs = parseRemoteRefs('ref: refs/heads/main\tHEAD\naaa\tHEAD\naaa\trefs/heads/main\n');
    expect(refs).toMatchObject({ headBranch: 'refs/heads/main', head: 'aaa', count: 2 });
  });

  it('knows an empty repository by its lack of refs', () => {
    expect(parseRemoteRefs('').count).toBe(0);
  });

  it.each([
    '-x',
    '--output=/tmp/x',
    'HEAD~1',
    'a:b',
    'main@{1}',
    'a b',
    'a\nb',
    '',
    '/a',
    'a/',
    'a..b',
    '.a',
  ])('refuses %j', (ref) => expect(refProblem(ref)).toBeDefined());

  it.each(['HEAD', 'main', 'feature/x', 'v1.0.0', 'refs/tags/v1', 'abc1234'])('accepts %j', (ref) => {
    expect(refProblem(ref)).toBeUndefined();
  });

  it('looks a branch up before a commit of the same text', () => {
    expect(refCandidates('abc1234')).toEqual(['refs/heads/abc1234', 'refs/tags/abc1234', 'abc1234']);
  });
});
