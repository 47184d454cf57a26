// Programs started beside a test must be gone afterwards, whatever became of the test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { processesNaming } from '../support/process-list.ts';
import { ProcessSet } from '../support/process-set.ts';
import { until } from '../support/until.ts';

// Runs until it is killed, together with a child of its own; `marker` makes both findable.
const familyOf = (marker: string) => [
  '--eval',
  `require('node:child_process').spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)', '${marker}']); setInterval(() => {}, 1000)`,
  marker,
];

const PROCESS_SET = new URL('../support/process-set.ts', import.meta.url).href;
const parentProgram = `
  const { ProcessSet } = await import(${JSON.stringify(PROCESS_SET)});
  const set = new ProcessSet('test');
  set.start('family', process.execPath, ${JSON.stringify(familyOf('MARKER'))}.map((part) => part.replaceAll('MARKER', set.folder)));
  console.log(set.folder);
  setInterval(() => {}, 1000);
`;

async function startParent() {
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  createInterface({ input: parent.stdout }).once('line', resolve);
  const folder = await promise;
  await until('the family to run', () => processesNaming(folder).length >= 3); // guard, program and its child
  return { parent, folder };
}

describe('a process set', () => {
  it('ends programs with all their children on close, and removes its folder', async () => {
    const set = new ProcessSet('test');
    const program = set.start('family', process.execPath, familyOf(set.folder));
    await until('the family to run', () => processesNaming(set.folder).length >= 3);
    await set.close();
    expect(program.ended).toBe('signal SIGKILL');
    expect(existsSync(set.folder)).toBe(false);
    await until('the last child to be gone', () => processesNaming(set.folder).length === 0);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'leaves nothing when its owner ends by %s',
    async (signal) => {
      const { parent, folder } = await startParent();
      parent.kill(signal);
      await until('all programs to be gone', () => processesNaming(folder).length === 0);
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('tells how a program ended and what it said last', async () => {
    const set = new ProcessSet('test');
    const failing = ['--eval', 'console.error("no such flag"); process.exit(7)'];
    const program = set.start('failing', process.execPath, failing);
    await program.end;
    expect(program.ended).toBe('exit code 7');
    expect(set.logTail('failing')).toContain('no such flag');
    await set.close();
  });

  it('says which program could not be started', async () => {
    const set = new ProcessSet('test');
    expect(() => set.start('etcd', '/no/such/etcd', [])).toThrow(/etcd: .*could not be started/);
    await set.close();
  });
});
