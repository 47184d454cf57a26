import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalBundle } from '@fairlead/protocol/canonical';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import type { FetchedBundle } from './bundle-fetch.ts';
import { BundleFiles } from './bundle-files.ts';
import { BundleLibrary } from './bundle-library.ts';
import { PrivateFolder } from './private-folder.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  stringData: { password: 'hunter22' },
};
const text = Buffer.from(canonicalBundle([secret]));
const bundle = { text, packed: gzipSync(text) };
const digest = createHash('sha256').update(text).digest('hex');

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'bundles-'));
});
afterEach(() => rm(path, { recursive: true }));

async function library(fetch: (digest: string) => Promise<FetchedBundle>): Promise<BundleLibrary> {
  const files = new BundleFiles(await PrivateFolder.open(path));
  return new BundleLibrary({ files, fetch, log: silent });
}

const away = (): Promise<FetchedBundle> => Promise.reject(new Error('the hub is away'));

describe('the bundles of an agent', () => {
  it('are fetched once, however many ask at the same time', async () => {
    let fetched = 0;
    const bundles = await library(async () => {
      fetched += 1;
      return bundle;
    });
    const [first, second] = await Promise.all([bundles.objects(digest), bundles.objects(digest)]);
    expect(first).toEqual(second);
    expect(fetched).toBe(1);
  });

  it('are there from the disk while the hub is away', async () => {
    await (await library(async () => bundle)).objects(digest);
    expect(await (await library(away)).objects(digest)).toEqual([secret]);
  });

  it('are fetched again where the file was changed', async () => {
    await (await library(async () => bundle)).objects(digest);
    await writeFile(join(path, `${digest}.gz`), 'something else');
    await expect((await library(away)).objects(digest)).rejects.toThrow('the hub is away');
    expect(await (await library(async () => bundle)).objects(digest)).toEqual([secret]);
  });

  it('are readable for nobody else on disk', async () => {
    await (await library(async () => bundle)).objects(digest);
    const { mode } = await stat(join(path, `${digest}.gz`));
    expect(mode & 0o077).toBe(0);
  });

  it('are kept only as long as they are wanted, and drafts of a crash go with them', async () => {
    const bundles = await library(async () => bundle);
    await bundles.objects(digest);
    await writeFile(join(path, '.draft.1'), 'half');
    await bundles.keepOnly(new Set([digest]));
    expect(await readdir(path)).toEqual([`${digest}.gz`]);
    await bundles.keepOnly(new Set());
    expect(await readdir(path)).toEqual([]);
  });

  it('tell which Secrets they hold', async () => {
    const bundles = await library(async () => bundle);
    await bundles.objects(digest);
    expect(bundles.secretsOf(digest)).toEqual([secret]);
  });
});
