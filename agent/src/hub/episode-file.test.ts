import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { Log } from '../log.ts';
import { EpisodeFile } from './episode-file.ts';
import { PrivateFolder } from './private-folder.ts';

const episode: ReportedDrift = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'a',
  episode: 'e',
  type: 'MODIFIED',
  masked: false,
  managerClass: 'PERSON',
  firstSeenAt: '2026-01-01T00:00:00Z',
  healedCount: 0,
  contested: false,
};
const nothingSaid = (): void => undefined;
const log: Log = { debug: nothingSaid, info: nothingSaid, warn: nothingSaid, error: nothingSaid };
let path: string;
const openFile = async () => new EpisodeFile(await PrivateFolder.open(path), log);

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'fairlead-episodes-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

it('gives back what was kept last, however quickly it changed', async () => {
  const file = await openFile();
  for (const name of ['one', 'two', 'three']) {
    file.save(() => ({ open: new Map([[name, [episode]]]), closed: new Map() }));
  }
  await file.settled();
  expect(await (await openFile()).read()).toEqual({
    open: new Map([['three', [episode]]]),
    closed: new Map(),
  });
});

it('knows nothing where there is nothing, or nothing that can be read', async () => {
  const nothing = { open: new Map(), closed: new Map() };
  expect(await (await openFile()).read()).toEqual(nothing);
  writeFileSync(join(path, 'drift-episodes.json'), '{ torn');
  expect(await (await openFile()).read()).toEqual(nothing);
});
