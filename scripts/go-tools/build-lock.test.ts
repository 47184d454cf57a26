// Two clones that start together must not build into one folder, and a killed build must not block the next.
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withBuildLock } from './build-lock.mjs';

const NO_SUCH_PID = 2 ** 22 + 1; // above the highest pid that Linux and macOS give

describe('the build lock', () => {
  let parent: string;
  let folder: string;
  let waits: number;
  const onWait = () => {
    waits += 1;
  };

  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'fairlead-lock-'));
    folder = path.join(parent, 'etcd');
    waits = 0;
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('lets one in at a time, and tells the other once that it waits', async () => {
    const steps: string[] = [];
    const firstIsIn = Promise.withResolvers<void>();
    const firstMayEnd = Promise.withResolvers<void>();
    const first = withBuildLock(folder, onWait, async () => {
      firstIsIn.resolve();
      await firstMayEnd.promise;
      steps.push('first ends');
    });
    await firstIsIn.promise;
    const endFirst = () => {
      onWait();
      firstMayEnd.resolve();
    };
    await withBuildLock(folder, endFirst, async () => void steps.push('second begins'));
    await first;
    expect(steps).toEqual(['first ends', 'second begins']);
    expect(waits).toBe(1);
  });

  it('gives the result of the work and leaves no lock behind', async () => {
    expect(await withBuildLock(folder, onWait, async () => 7)).toBe(7);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('is free again after work that failed', async () => {
    const failing = withBuildLock(folder, onWait, () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(await withBuildLock(folder, onWait, async () => 'built')).toBe('built');
    expect(waits).toBe(0);
  });

  it('is taken from a holder on this host that is no longer alive', async () => {
    writeFileSync(`${folder}.lock`, `${hostname()} ${NO_SUCH_PID}`);
    expect(await withBuildLock(folder, onWait, async () => 'built')).toBe('built');
    expect(waits).toBe(0);
  });

  it('is taken from a holder on another host that has not touched it for long', async () => {
    writeFileSync(`${folder}.lock`, `another-host.example ${process.pid}`);
    utimesSync(`${folder}.lock`, new Date(0), new Date(0));
    expect(await withBuildLock(folder, onWait, async () => 'built')).toBe('built');
  });
});
