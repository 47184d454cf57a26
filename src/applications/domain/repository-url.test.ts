import { describe, expect, it } from 'vitest';
import { repositoryProtocol, repositoryUrlProblem } from './repository-url.ts';

describe('the address of a repository', () => {
  it.each([
    ['https://git.example/o/r.git', 'HTTP'],
    ['http://127.0.0.1:3000/r', 'HTTP'],
    ['ssh://git@git.example:2222/o/r.git', 'SSH'],
    ['git@git.example:o/r.git', 'SSH'],
    ['file:///srv/git/r', 'FILE'],
  ])('%s is %s', (url, protocol) => {
    expect(repositoryProtocol(url)).toBe(protocol);
    expect(repositoryUrlProblem(url, 'ANY')).toBeUndefined();
  });

  it.each([
    'ext::sh -c touch%20x',
    'git://h/r',
    '/srv/git/r',
    '-oProxyCommand=x@h:r',
    'ssh://-oProxyCommand=x/r',
    'ssh://git:word@h/r',
    'https://user:word@git.example/r',
    'https://token@git.example/r',
    'https://git.example/a b',
    'https:///r',
    'file://host/r',
    'file:///srv/../etc',
    'file:///srv/%2e%2e/etc',
    'file:///%',
    '',
  ])('%j is refused', (url) => {
    const problem = repositoryUrlProblem(url, 'ANY');
    expect(problem).toBeDefined();
    expect(problem).not.toContain('word@');
  });

  it('may be a file only below the folders that are allowed', () => {
    expect(repositoryUrlProblem('file:///srv/git/r', ['/srv/git'])).toBeUndefined();
    expect(repositoryUrlProblem('file:///srv/git-other/r', ['/srv/git'])).toContain(
      'FAIRLEAD_FILE_REPOSITORIES',
    );
    expect(repositoryUrlProblem('file:///srv/git/r', [])).toContain('FAIRLEAD_FILE_REPOSITORIES');
  });
});
