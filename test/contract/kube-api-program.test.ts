// The simulation as a program: what it prints and writes, that a killed one comes back as the same clusters, and
// that it ends when told.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { ClusterClient } from './kube-api/cluster-client.ts';
import { configMap } from './kube-api/contract-case.ts';

const MAIN = path.resolve(import.meta.dirname, '../../sim/src/main.ts');

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token: string } }];
}

let folder: string;
let running: Program[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fairlead-sim-'));
});

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running = [];
  rmSync(folder, { recursive: true });
});

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start(...args: string[]): Program {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const program = { child, output: () => text, ended };
  running.push(program);
  return program;
}

async function startThree(): Promise<Program> {
  const state = path.join(folder, 'state.json');
  const program = start('--clusters', 'dev,staging,prod', '--directory', folder, '--state', state);
  await until('three clusters', () => program.output().split('\n').length > 3, { timeoutMs: 20_000 });
  return program;
}

function clientOf(name: string): ClusterClient {
  const kubeconfigPath = path.join(folder, `${name}.kubeconfig`);
  const kubeconfig: Kubeconfig = JSON.parse(readFileSync(kubeconfigPath, 'utf8'));
  const [{ cluster }] = kubeconfig.clusters;
  const caPem = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  const [{ user }] = kubeconfig.users;
  return new ClusterClient({
    server: cluster.server,
    caPem,
    token: user.token,
    kubeconfigPath,
    stop: async () => {},
  });
}

describe('the simulation as a program', () => {
  it('prints one line per cluster, writes a kubeconfig for each, and ends on SIGTERM', async () => {
    const program = await startThree();
    for (const name of ['dev', 'staging', 'prod']) {
      expect(program.output()).toMatch(
        new RegExp(`^simulated cluster ${name}: https://127\\.0\\.0\\.1:\\d+, kubeconfig `, 'm'),
      );
      const client = clientOf(name);
      expect((await client.send('GET', '/readyz')).status).toBe(200);
      client.close();
    }
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });

  it('keeps clusters apart', async () => {
    await startThree();
    const [dev, prod] = [clientOf('dev'), clientOf('prod')];
    const collection = '/api/v1/namespaces/default/configmaps';
    await dev.send('POST', collection, configMap('only-dev'));
    expect((await dev.send('GET', `${collection}/only-dev`)).status).toBe(200);
    expect((await prod.send('GET', `${collection}/only-dev`)).status).toBe(404);
    dev.close();
    prod.close();
  });

  it('comes back after a kill with the same address, token and objects', async () => {
    const first = await startThree();
    const state = path.join(folder, 'state.json');
    const before = clientOf('dev');
    const { body } = await before.send('POST', '/api/v1/namespaces/default/configmaps', configMap('kept'));
    before.close();
    await until(
      'the state to be written',
      () => existsSync(state) && readFileSync(state, 'utf8').includes('"kept"'),
    );
    first.child.kill('SIGKILL');
    await first.ended;
    const kubeconfig = readFileSync(path.join(folder, 'dev.kubeconfig'), 'utf8');
    await startThree();
    expect(readFileSync(path.join(folder, 'dev.kubeconfig'), 'utf8')).toBe(kubeconfig);
    const after = clientOf('dev');
    const found = await after.send('GET', '/api/v1/namespaces/default/configmaps/kept');
    expect(found.body).toEqual(body);
    after.close();
  });

  it('moves to a free port when another program has taken its own meanwhile', async () => {
    const first = await startThree();
    const before = readFileSync(path.join(folder, 'dev.kubeconfig'), 'utf8');
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(before)?.[1]);
    first.child.kill('SIGTERM');
    await first.ended;
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    await startThree();
    const client = clientOf('dev');
    expect((await client.send('GET', '/readyz')).status).toBe(200);
    expect(readFileSync(path.join(folder, 'dev.kubeconfig'), 'utf8')).not.toBe(before);
    client.close();
    squatter.close();
  });

  it('says what is wrong with its options and ends with 2', async () => {
    const program = start('--clusters', 'Not_A_Name', '--directory', folder);
    expect(await program.ended).toBe(2);
    expect(program.output()).toContain('"Not_A_Name" is no cluster name');
  });
});
