import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from './settings.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('need nothing at all', () => {
    expect(readSettings({})).toMatchObject({
      databaseUrl: undefined,
      dataDir: resolve('.fairlead/data'),
      port: 8080,
      role: 'all',
      gitIntervalMs: 30_000,
      staleAfterMs: 90_000,
      offlineAfterMs: 300_000,
      healthGraceMs: 120_000,
      credentialLifetimeMs: 86_400_000,
      fileRepositories: 'ANY',
    });
  });

  it('name every problem at once, each with its variable', () => {
    const problems = problemsOf({
      FAIRLEAD_DATABASE_URL: 'mysql://x',
      FAIRLEAD_REDIS_URL: 'nowhere',
      FAIRLEAD_PORT: '99999',
      FAIRLEAD_ADMIN_TOKEN: 'short',
      FAIRLEAD_ROLE: 'boss',
      FAIRLEAD_GIT_INTERVAL: 'often',
    });
    const names = problems.map((problem) => problem.split(':')[0]);
    expect(new Set(names)).toEqual(
      new Set([
        'FAIRLEAD_DATABASE_URL',
        'FAIRLEAD_REDIS_URL',
        'FAIRLEAD_PORT',
        'FAIRLEAD_ADMIN_TOKEN',
        'FAIRLEAD_ROLE',
        'FAIRLEAD_GIT_INTERVAL',
        'FAIRLEAD_SECRET_KEY',
      ]),
    );
  });

  it('never repeat a secret', () => {
    expect(
      problemsOf({ FAIRLEAD_ADMIN_TOKEN: 'hunter2', FAIRLEAD_SECRET_KEY: 'swordfish' }).join(),
    ).not.toMatch(/hunter2|swordfish/);
  });

  it('take an empty variable for one that is not set', () => {
    expect(readSettings({ FAIRLEAD_REDIS_URL: '' }).redisUrl).toBeUndefined();
  });

  it('take the public address without a slash at its end, and no other scheme', () => {
    expect(readSettings({ FAIRLEAD_PUBLIC_URL: 'https://hub.example.com/' }).publicUrl).toBe(
      'https://hub.example.com',
    );
    expect(problemsOf({ FAIRLEAD_PUBLIC_URL: 'ftp://hub' })).toEqual([
      expect.stringContaining('FAIRLEAD_PUBLIC_URL'),
    ]);
  });

  it('allow file repositories only where they are listed, once the database is not our own', () => {
    const own = { FAIRLEAD_DATABASE_URL: 'postgresql://h/d', FAIRLEAD_SECRET_KEY: 'k'.repeat(24) };
    expect(readSettings(own).fileRepositories).toEqual([]);
    expect(readSettings({ ...own, FAIRLEAD_FILE_REPOSITORIES: '/a:/b' }).fileRepositories).toEqual([
      '/a',
      '/b',
    ]);
  });

  it('let repositories be fetched from the machine itself only where that is somebody’s own, or listed', () => {
    const own = { FAIRLEAD_DATABASE_URL: 'postgresql://h/d', FAIRLEAD_SECRET_KEY: 'k'.repeat(24) };
    expect(readSettings({}).allowedAddresses).toEqual(['127.0.0.0/8', '::1/128']);
    expect(readSettings(own).allowedAddresses).toEqual([]);
    const listed = { ...own, FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: '169.254.0.0/16, ::1/128' };
    expect(readSettings(listed).allowedAddresses).toEqual(['169.254.0.0/16', '::1/128']);
    expect(readSettings({ FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: 'all' }).allowedAddresses).toBe('ANY');
    expect(problemsOf({ FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: 'localhost' })).toEqual([
      expect.stringContaining('FAIRLEAD_ALLOW_PRIVATE_ADDRESSES'),
    ]);
  });

  it('let checks call private addresses only where their ranges are listed, or all are allowed', () => {
    const allowed = (FAIRLEAD_ALLOW_PRIVATE_CHECKS: string) =>
      readSettings({ FAIRLEAD_ALLOW_PRIVATE_CHECKS }).privateChecks;
    expect([allowed(''), allowed('all'), allowed('10.0.0.0/8, fd00::/8')]).toEqual([
      [],
      'ANY',
      ['10.0.0.0/8', 'fd00::/8'],
    ]);
    expect(problemsOf({ FAIRLEAD_ALLOW_PRIVATE_CHECKS: 'prometheus' })).toEqual([
      expect.stringContaining('FAIRLEAD_ALLOW_PRIVATE_CHECKS'),
    ]);
  });

  it('refuse a role of its own on the embedded database', () => {
    expect(problemsOf({ FAIRLEAD_ROLE: 'worker' })).toEqual([
      expect.stringContaining('FAIRLEAD_DATABASE_URL'),
    ]);
  });
});
