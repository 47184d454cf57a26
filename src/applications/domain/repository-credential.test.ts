import { describe, expect, it } from 'vitest';
import { credentialOf, credentialProblems } from './repository-credential.ts';

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----';

describe('the credential of a repository', () => {
  it('follows from what is given', () => {
    expect(credentialOf({})).toEqual({ kind: 'NONE' });
    expect(credentialOf({ password: 'p' })).toEqual({ kind: 'BASIC', username: 'git', password: 'p' });
    expect(credentialOf({ sshPrivateKey: key, knownHosts: 'h' })).toEqual({
      kind: 'SSH',
      privateKey: key,
      knownHosts: 'h',
    });
  });

  it('must fit the protocol, and no message repeats it', () => {
    expect(credentialProblems('HTTP', { username: 'a', password: 'b' })).toEqual([]);
    expect(credentialProblems('SSH', { sshPrivateKey: key })).toEqual([]);
    const problems = credentialProblems('FILE', {
      username: 'a',
      password: 'hunter2\n',
      sshPrivateKey: 'swordfish',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toMatch(/hunter2|swordfish/);
  });

  it('needs its other half', () => {
    expect(credentialProblems('HTTP', { username: 'a' })).toEqual(['A username needs a password.']);
    expect(credentialProblems('SSH', { knownHosts: 'h' })).toEqual(['knownHosts needs sshPrivateKey.']);
  });
});
