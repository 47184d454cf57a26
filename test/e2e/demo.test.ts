// The demo as a newcomer runs it, on simulated clusters: on a new folder, again on the same one, and after everything
// was killed in the middle.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processIdentity } from '../../demo/programs/process-identity.ts';
import { killGroup } from '../support/kill-group.ts';
import { processesNaming } from '../support/process-list.ts';
import { Hopeless, until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fairlead-demo-test-'));
  chmodSync(folder, 0o711); // as root, the embedded database runs as another user, who must be able to pass
});

afterAll(() => {
  for (const pid of programPids()) killGroup(pid);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `demo --check` on the folder; `output` is what it has said so far. */
function startDemo() {
  const words = ['--conditions=source', 'demo/main.ts', '--check', '--data', folder];
  const demo = spawn(process.execPath, words, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const { promise: exitCode, resolve } = Promise.withResolvers<number | null>();
  demo.once('close', resolve);
  const says = (part: string) =>
    until(`the demo to say "${part}"`, () => lookFor(part, output, demo.exitCode), { timeoutMs: 60_000 });
  return { pid: demo.pid ?? 0, exitCode, output: () => output, says };
}

function lookFor(words: string, output: string, exitCode: number | null): boolean {
  if (output.includes(words)) return true;
  if (exitCode !== null) throw new Hopeless(`the demo ended with ${exitCode} after it had said:\n${output}`);
  return false;
}

function programPids(): number[] {
  const file = path.join(folder, 'run.json');
  if (!existsSync(file)) return [];
  const { programs } = JSON.parse(readFileSync(file, 'utf8')) as { programs: { pid: number }[] };
  return programs.map(({ pid }) => pid);
}

/** The folder is free again, and no process has it on its command line; `pids` are gone too. */
async function nothingIsLeft(pids: readonly number[] = []): Promise<void> {
  await until('all processes to be gone', () => processesNaming(folder).length === 0);
  expect(existsSync(path.join(folder, 'run.json'))).toBe(false);
  expect(pids.filter((pid) => processIdentity(pid) !== undefined)).toEqual([]);
}

it('tells its story on a new folder, and leaves nothing running', async () => {
  const demo = startDemo();
  const exitCode = await demo.exitCode;
  expect(demo.output()).toMatch(
    /release 1 .* is in prod: prod-1, prod-2, prod-3, prod-4, prod-5 SYNCED and HEALTHY/,
  );
  for (const words of [
    /staging waits for SOAK: /,
    /prod waits for APPROVAL: /,
    /prod waits for FREEZE: prod is frozen by admin .*: a sale/,
    /release 2 is verified in prod, without prod-\d/,
    /release 2 .* is in prod: prod-1, prod-2, prod-3, prod-4, prod-5 SYNCED and HEALTHY/,
    /stopped at the first wave: .*field is immutable.* Rolling back to release 2/,
    /prod runs release 2 again by itself, and is held/,
    /prod waits for HOLD: /,
    /release 4 .* is in prod: prod-1, prod-2, prod-3, prod-4, prod-5 SYNCED and HEALTHY/,
  ]) {
    expect(demo.output()).toMatch(words);
  }
  expect(demo.output()).toMatch(/\n\d+ passed, 0 failed\n$/);
  expect(exitCode).toBe(0);
  expect(demo.output()).not.toContain(readFileSync(path.join(folder, 'token'), 'utf8').trim());
  await nothingIsLeft();
});

it('goes on from there at the next start', async () => {
  const demo = startDemo();
  await until('every agent to be started', () => programPids().length === 9, { timeoutMs: 60_000 });
  const pids = programPids();
  const exitCode = await demo.exitCode;
  expect(demo.output()).toMatch(
    /release 7 .* is in prod: prod-1, prod-2, prod-3, prod-4, prod-5 SYNCED and HEALTHY/,
  );
  expect(demo.output()).toContain('7 that the hub knows from last time');
  expect(exitCode, demo.output()).toBe(0);
  await nothingIsLeft(pids);
});

it('goes on also after everything was killed in the middle of the story', async () => {
  const killed = startDemo();
  await killed.says('is in staging');
  const pids = [killed.pid, ...programPids()];
  for (const pid of pids) killGroup(pid);
  await killed.exitCode;
  const demo = startDemo();
  const exitCode = await demo.exitCode;
  expect(exitCode, demo.output()).toBe(0);
  expect(demo.output()).toMatch(
    /release \d+ .* is in prod: prod-1, prod-2, prod-3, prod-4, prod-5 SYNCED and HEALTHY/,
  );
  await nothingIsLeft();
});

it('cleans up after a demo that was killed alone', async () => {
  const killed = startDemo();
  await killed.says('is in dev');
  process.kill(killed.pid, 'SIGKILL');
  await killed.exitCode;
  const demo = startDemo();
  const exitCode = await demo.exitCode;
  expect(exitCode, demo.output()).toBe(0);
  expect(demo.output()).toContain(
    'stopped what an earlier demo left running: simulated-clusters, hub, agent-dev-1',
  );
  await nothingIsLeft();
});
