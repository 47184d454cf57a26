// The demo's programs: told when they die, stopped in order, and cleaned up after when the demo itself was killed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramSet, type ProgramEnded } from '../../demo/programs/program-set.ts';
import { processIdentity } from '../../demo/programs/process-identity.ts';
import { RunFile } from '../../demo/programs/run-file.ts';
import { killGroup } from '../support/kill-group.ts';
import { until } from '../support/until.ts';

let folder: string;
let runFilePath: string;
const said: string[] = [];
const claim = () => RunFile.claim(runFilePath, (message) => said.push(message));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fairlead-demo-programs-'));
  runFilePath = path.join(folder, 'run.json');
  said.length = 0;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plan = (name: string, script: string) => ({
  name,
  words: ['--eval', script],
  env: {},
  patienceMs: 2_000,
});

const FOREVER = 'setInterval(() => {}, 1_000)';

/** A demo in another process, with one program that runs for ever. */
async function startOtherDemo(): Promise<{ pid: number; programPid: () => number }> {
  const modules = ['run-file', 'program-set'].map((file) =>
    JSON.stringify(new URL(`../../demo/programs/${file}.ts`, import.meta.url).href),
  );
  const script = `
    const { RunFile } = await import(${modules[0]});
    const { ProgramSet } = await import(${modules[1]});
    const runFile = await RunFile.claim(${JSON.stringify(runFilePath)}, () => undefined);
    const programs = new ProgramSet(${JSON.stringify(folder)}, runFile, () => undefined);
    programs.start({ name: 'hub', words: ['--eval', ${JSON.stringify(FOREVER)}], env: {}, patienceMs: 1_000 });
  `;
  const demo = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  const programs = () =>
    existsSync(runFilePath) ? JSON.parse(readFileSync(runFilePath, 'utf8')).programs : [];
  await until('the other demo to have started its program', () => programs().length === 1);
  return { pid: demo.pid ?? 0, programPid: () => programs()[0]?.pid };
}

describe('the programs of a demo', () => {
  it('are stopped in order, those that were started last first', async () => {
    const programs = new ProgramSet(folder, await claim(), () => undefined);
    const order = path.join(folder, 'order');
    const say = (name: string) =>
      `process.on('SIGTERM', () => { require('node:fs').appendFileSync(${JSON.stringify(order)}, '${name} '); process.exit(0); });
       console.log('listening'); ${FOREVER}`;
    programs.start(plan('clusters', say('clusters')));
    programs.start(plan('hub', say('hub')));
    await until('both to listen', () =>
      ['clusters', 'hub'].every((name) =>
        readFileSync(path.join(folder, `${name}.log`), 'utf8').includes('listening'),
      ),
    );
    await programs.stop();
    expect(readFileSync(order, 'utf8')).toBe('hub clusters ');
  });

  it('are killed when they do not end in time', async () => {
    const programs = new ProgramSet(folder, await claim(), () => undefined);
    programs.start({
      ...plan('deaf', `process.on('SIGTERM', () => {}); console.log('listening'); ${FOREVER}`),
      patienceMs: 50,
    });
    await until('it to listen', () =>
      readFileSync(path.join(folder, 'deaf.log'), 'utf8').includes('listening'),
    );
    const { pid } = JSON.parse(readFileSync(runFilePath, 'utf8')).programs[0];
    await programs.stop();
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('are missed when one ends by itself: its name, how it ended and its last words are told', async () => {
    const deaths: ProgramEnded[] = [];
    const programs = new ProgramSet(folder, await claim(), (death) => deaths.push(death));
    programs.start(plan('agent-dev-1', 'console.error("no such cluster"); process.exit(7)'));
    await until('its death to be told', () => deaths.length === 1);
    expect(deaths[0]?.message).toMatch(/agent-dev-1 ended by itself \(exit code 7\)[^]*no such cluster/);
  });
});

describe('the data folder of a demo', () => {
  it('is not shared with a demo that runs', async () => {
    const other = await startOtherDemo();
    await expect(claim()).rejects.toThrow(`another demo runs on this folder (process ${other.pid})`);
    const programPid = other.programPid();
    process.kill(other.pid, 'SIGKILL');
    killGroup(programPid);
  });

  it('is cleaned up after a demo that was killed: its programs are stopped by the next one', async () => {
    const other = await startOtherDemo();
    const programPid = other.programPid();
    process.kill(other.pid, 'SIGKILL');
    await until('the other demo to be gone', () => processIdentity(other.pid) === undefined);
    expect(processIdentity(programPid)).toBeDefined();
    await claim();
    expect(processIdentity(programPid)).toBeUndefined();
    expect(said).toEqual(['stopped what an earlier demo left running: hub']);
  });

  it('never has a stranger stopped, who has the number of a program of old', async () => {
    const stranger = spawn(process.execPath, ['--eval', FOREVER], { detached: true });
    const entry = { name: 'hub', pid: stranger.pid, identity: 'another start time' };
    writeFileSync(runFilePath, JSON.stringify({ demo: { ...entry, name: 'demo' }, programs: [entry] }));
    await claim();
    expect(processIdentity(stranger.pid ?? 0)).toBeDefined();
    expect(said).toEqual([]);
    killGroup(stranger.pid ?? 0);
  });
});
