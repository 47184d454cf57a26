// The program as it is started.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const testdata = (name: string) => fileURLToPath(new URL(`../../testdata/${name}.yaml`, import.meta.url));

function run(
  words: readonly string[],
  input = '',
): Promise<{ out: string; err: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', program, ...words], {
      env: { PATH: process.env['PATH'] },
      timeout: 20_000,
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ out, err, code }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

describe('npm run health', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fairlead-health-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('prints a line for each object of the files, in order', async () => {
    const { out, code } = await run([testdata('deployment-complete'), testdata('custom-not-ready')]);
    expect(out.split('\n')).toEqual([
      'HEALTHY      Deployment/shop/storefront  Complete: 3 of 3 available',
      'PROGRESSING  Order/shop/o-1  WaitsForPayment: is not ready: no payment has arrived',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('answers JSON lines with JSON lines, and says by its exit code that one was none', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status: { phase: 'Succeeded' } };
    const { out, code } = await run(['--json'], `${JSON.stringify(pod)}\nno json\n`);
    const [first, second] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'p',
      health: 'HEALTHY',
      reason: 'PodCompleted',
      message: 'has run to its end',
    });
    expect(second).toMatchObject({ health: 'UNKNOWN', reason: 'Unreadable' });
    expect(code).toBe(1);
  });

  it('explains a workload by its pods, found by owner', async () => {
    const ownedBy = (uid: string) => [{ apiVersion: 'apps/v1', kind: 'X', name: 'x', uid }];
    const crashing = {
      name: 'api',
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    };
    const items = [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'api', uid: 'd' },
        spec: { replicas: 1 },
        status: { replicas: 1, updatedReplicas: 1 },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'api-1', uid: 'r', ownerReferences: ownedBy('d') },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'api-1-x', ownerReferences: ownedBy('r') },
        status: { phase: 'Running', containerStatuses: [crashing] },
      },
    ];
    const { out } = await run([], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
    expect(out.split('\n')[0]).toMatch(/^DEGRADED .* CrashLoopBackOff: pod "api-1-x": /);
  });

  it("judges by a person's own rules", async () => {
    const rules = file('rules.yaml', '- { apiVersion: shop.example/v1, kind: Order, current: "true" }\n');
    const { out } = await run(['--rules', rules, testdata('custom-not-ready')]);
    expect(out).toMatch(/^HEALTHY /);
  });

  it('refuses wrong rules with file, line and column', async () => {
    const rules = file('wrong.yaml', '- group: a.b\n  kinds: [C]\n  current: self.(\n');
    const { out, err, code } = await run(['--rules', rules]);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain(`${rules}:3:12 rules[0].current: `);
  });

  it('refuses a word that it does not know, and names a file that is not there', async () => {
    const [wrong, absent] = await Promise.all([run(['--colour']), run([join(folder, 'absent.yaml')])]);
    expect([wrong.code, absent.code]).toEqual([2, 1]);
    expect(absent.err).toContain('absent.yaml cannot be read: ENOENT');
  });
});
