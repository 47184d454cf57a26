import { describe, expect, it } from 'vitest';
import { gitFailure } from './git-failure.ts';

const cases: readonly (readonly [string, string])[] = [
  [
    "fatal: could not read Username for 'https://git.example': terminal prompts disabled",
    'REPOSITORY_AUTHENTICATION',
  ],
  ["fatal: Authentication failed for 'https://git.example/x.git/'", 'REPOSITORY_AUTHENTICATION'],
  [
    'git@git.example: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    'REPOSITORY_AUTHENTICATION',
  ],
  ['Host key verification failed.\nfatal: Could not read from remote repository.', 'REPOSITORY_HOST_KEY'],
  ["fatal: repository 'https://git.example/x.git/' not found", 'REPOSITORY_NOT_FOUND'],
  ["fatal: '/srv/x' does not appear to be a git repository", 'REPOSITORY_NOT_FOUND'],
  ["fatal: unable to access 'https://h/': Could not resolve host: h", 'REPOSITORY_UNREACHABLE'],
  [
    "fatal: unable to access 'http://h/': Failed to connect to h port 80 after 0 ms: Couldn't connect to server",
    'REPOSITORY_UNREACHABLE',
  ],
  [
    "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate",
    'REPOSITORY_CERTIFICATE',
  ],
  ['block timeout reached', 'REPOSITORY_TIMEOUT'],
];

describe('what git says becomes a code', () => {
  it.each(cases)('%s', (text, code) => {
    expect(gitFailure('https://git.example/x.git', text).code).toBe(code);
  });

  it('quotes the reason without the progress before it', () => {
    const error = gitFailure('https://h/x', 'Receiving objects: 1%\rReceiving objects: 2%\rfatal: early EOF');
    expect(error.message).toContain('Git said: fatal: early EOF');
  });
});
