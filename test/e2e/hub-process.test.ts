// What a hub does as a process on its own embedded database.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/platform/database/embedded/left-behind.ts';
import { spawnHub, startHubProcess, type HubProcess } from '../support/hub-process.ts';
import { until } from '../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-test-data-'));
// As root the database runs as another user, who must be able to pass.
chmodSync(dataDir, 0o711);
const environment = { FAIRLEAD_DATA_DIR: dataDir, FAIRLEAD_ADMIN_TOKEN: 'admin-token-of-the-process-01' };
let hub: HubProcess | undefined;

const start = async (more: Record<string, string> = {}) =>
  (hub = await startHubProcess({ ...environment, ...more }));
const postmaster = () =>
  Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
const SAVE = `mutation { saveEnvironment(input: { name: "dev", selector: "env=dev" }) { environment { name } } }`;
const environments = async (on: HubProcess) =>
  (await on.graphql<{ environments: { nodes: { name: string }[] } }>('{ environments { nodes { name } } }'))
    .environments.nodes;

afterEach(async () => {
  if (hub && isAlive(hub.pid)) await hub.end('SIGTERM');
  hub = undefined;
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a hub with its embedded database', () => {
  it('starts from nothing, and ends on SIGTERM with its database', async () => {
    const running = await start();
    await running.graphql(SAVE);
    const database = postmaster();
    expect(isAlive(database)).toBe(true);
    expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(isAlive(database)).toBe(false);
  });

  it('finds everything again, and keeps its secret key for itself', async () => {
    expect(await environments(await start())).toEqual([{ name: 'dev' }]);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('survives kill -9: the database is adopted by the next start', async () => {
    const first = await start();
    expect(await first.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    const database = postmaster();
    expect(isAlive(database)).toBe(true);
    const second = await start();
    expect(postmaster()).toBe(database);
    expect(second.output()).toContain('adopted');
    expect(await environments(second)).toEqual([{ name: 'dev' }]);
    await second.end('SIGTERM');
    expect(isAlive(database)).toBe(false);
  });

  it('survives the loss of both, and a pid file that names a stranger', async () => {
    const first = await start();
    const database = postmaster();
    await first.end('SIGKILL');
    process.kill(database, 'SIGKILL');
    await until('the database to be gone', () => !isAlive(database));
    const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)));
    expect(await environments(await start())).toEqual([{ name: 'dev' }]);
  });

  it('refuses a second hub on the same folder and leaves the first alone', async () => {
    const first = await start();
    const second = spawnHub({ ...environment, FAIRLEAD_PORT: '0' });
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toContain('Another hub runs on');
    expect(await environments(first)).toEqual([{ name: 'dev' }]);
  });

  it('refuses another secret key at start', async () => {
    const started = spawnHub({
      ...environment,
      FAIRLEAD_PORT: '0',
      FAIRLEAD_SECRET_KEY: 'another-key-of-enough-length',
    });
    expect((await started.ended).code).toBe(1);
    expect(started.output()).toContain('FAIRLEAD_SECRET_KEY');
    expect(started.output()).not.toContain('another-key');
  });

  it('names every problem of its environment and ends with 2', async () => {
    const started = spawnHub({ FAIRLEAD_PORT: 'x', FAIRLEAD_ROLE: 'boss' });
    expect((await started.ended).code).toBe(2);
    expect(started.output()).toMatch(/FAIRLEAD_PORT[^]*FAIRLEAD_ROLE|FAIRLEAD_ROLE[^]*FAIRLEAD_PORT/);
    expect(started.output()).not.toMatch(/\n\s+at /);
  });

  it('answers what was asked before SIGTERM and tells sockets that it goes', async () => {
    const running = await start();
    const feed = await running.subscribe('subscription { activity { kind } }');
    const told = expect(feed.next()).rejects.toBeDefined();
    const asked = Promise.all(Array.from({ length: 20 }, () => environments(running)));
    expect(await asked).toHaveLength(20);
    expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await told;
  });
});

describe('the first start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-data-'));
  chmodSync(folder, 0o711);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows an admin token once, which goes on working', async () => {
    hub = await startHubProcess({ FAIRLEAD_DATA_DIR: folder });
    const token = hub.adminToken;
    expect(token).toMatch(/^fl_user_/);
    expect(await hub.graphql('{ viewer { role } }')).toEqual({ viewer: { role: 'ADMIN' } });
    await hub.end('SIGTERM');
    hub = await startHubProcess({ FAIRLEAD_DATA_DIR: folder });
    expect(hub.output()).not.toContain('shown once');
    expect(await hub.graphql('{ viewer { role } }', {}, token)).toEqual({ viewer: { role: 'ADMIN' } });
  });
});
