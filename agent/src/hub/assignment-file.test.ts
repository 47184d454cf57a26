import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment } from '@fairlead/protocol/assignment';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AssignmentFile } from './assignment-file.ts';
import { NOTHING_KNOWN, type KnownAssignments } from './known-assignments.ts';
import { PrivateFolder } from './private-folder.ts';

const rule = { group: 'shop.example', kinds: ['Order'], current: 'true' };
const assignment: Assignment = {
  instance: 'i',
  application: 'shop',
  environment: 'dev',
  namespace: 'shop',
  release: 3,
  bundle: 'b',
  generation: 7,
  syncPolicy: { prune: true, drift: 'HEAL', ignore: [], pruneLimitPercent: 50, adopt: false },
  healthRules: [rule],
};
const known: KnownAssignments = {
  epoch: 'one',
  generation: 7,
  byInstance: new Map([['i', { assignment, previousBundle: undefined }]]),
  healthRules: { digest: 'd', rules: [rule, rule] },
};

let folder: string;
const warnings: string[] = [];
const note = (): void => undefined;
const log = { debug: note, info: note, warn: (message: string) => void warnings.push(message), error: note };
const openFile = async () => new AssignmentFile(await PrivateFolder.open(folder), log);
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairlead-assignments-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives back what is assigned, with the application's health rules and the hub's", async () => {
  await (await openFile()).write(known);
  expect(await (await openFile()).read()).toEqual(known);
});

it.each([
  ['of an older form', '{"form":1,"generation":7,"assignments":[]}', 0],
  ['that is damaged', '{"form":', 1],
])('means a full answer where it is one %s', async (_, content, warned) => {
  warnings.length = 0;
  writeFileSync(join(folder, 'assignments.json'), content);
  expect([await (await openFile()).read(), warnings.length]).toEqual([NOTHING_KNOWN, warned]);
});

it('means a full answer where there is none', async () => {
  expect(await (await openFile()).read()).toEqual(NOTHING_KNOWN);
});
