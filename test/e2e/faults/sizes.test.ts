// Releases that are large, and releases of many objects.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { AgentWorld } from '../../support/agent-world.ts';
import { bytesOf } from '../../support/faulty-link.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import {
  configMap,
  configMapPath,
  faultStage,
  isOf,
  ownedConfigMaps,
  textOf,
  PATIENT,
} from './fault-stage.ts';

const stage = faultStage();
const PATIENCE_MS = 180_000;

/** ConfigMaps of 700 KB that no compression makes small. */
const largeFiles = (megabytes: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(megabytes / 0.7) }, (_, n) => [
      `large-${n}.yaml`,
      configMap(`large-${n}`, randomBytes(350_000).toString('hex')),
    ]),
  );

async function bytesOfBundle(application: string): Promise<number> {
  const { rows } = await stage.db.query<{ bytes: number }>(
    `select b.bytes from instance i join bundle b on b.digest = i.bundle_digest where i.application_name = $1`,
    [application],
  );
  return rows[0]?.bytes ?? 0;
}

const count = async (world: AgentWorld): Promise<number> =>
  (await ownedConfigMaps(world, INSTANCE_LABEL)).length;

/** Asks the hub something small again and again, until it is stopped. */
function askOthers() {
  const stopped = new AbortController();
  const ask = async (): Promise<number> => {
    let slowestMs = 0;
    while (!stopped.signal.aborted) {
      const startedAtMs = performance.now();
      await stage.hub.graphql('{ viewer { role } }');
      slowestMs = Math.max(slowestMs, performance.now() - startedAtMs);
    }
    return slowestMs;
  };
  return { stop: () => stopped.abort(), slowestMs: ask() };
}

describe('sizes', () => {
  faultCase('bundle-5-mb', async () => {
    const world = await stage.world('five', { files: largeFiles(5) });
    let broken = 0;
    stage.link.disturb(async (request, carry) => {
      const answer = await carry();
      if (!isOf('bundle')(request) || broken > 0) return answer;
      broken += 1;
      return { ...answer, body: await bytesOf(answer.body), cutAfterBytes: 1_000_000 };
    });
    world.start();
    await world.synced(1, PATIENCE_MS);
    expect(broken).toBe(1);
    expect(await bytesOfBundle('five')).toBeGreaterThan(5_000_000);
    expect(await count(world)).toBe(9);
    return 'its first download broke after 1 MB; delivered, applied, healthy';
  });

  faultCase('bundle-50-mb', async () => {
    const world = await stage.world('fifty');
    world.start();
    await world.synced(1);
    const asking = askOthers();
    try {
      const number = await world.commitFiles(largeFiles(50));
      await world.synced(number, PATIENCE_MS);
    } finally {
      asking.stop();
    }
    const slowestMs = await asking.slowestMs;
    expect(await bytesOfBundle('fifty')).toBeGreaterThan(50_000_000);
    expect(await count(world)).toBe(73);
    expect(slowestMs).toBeLessThan(60_000);
    return 'delivered, applied, healthy; every other question was answered meanwhile';
  });

  faultCase('objects-2000', async () => {
    const manifest = (numbers: readonly number[], text: (n: number) => string): string =>
      numbers.map((n) => configMap(`many-${n}`, text(n))).join('---\n');
    const all = Array.from({ length: 1_999 }, (_, n) => n);
    const world = await stage.world('many', { files: { 'many.yaml': manifest(all, () => 'one') } });
    world.start();
    await world.synced(1, PATIENCE_MS);
    expect(await count(world)).toBe(2_000);
    const kept = all.slice(0, 1_900);
    const number = await world.commitFiles({
      'many.yaml': manifest(kept, (n) => (n % 2 === 0 ? 'two' : 'one')),
    });
    await world.synced(number, PATIENCE_MS);
    expect(await count(world)).toBe(1_901);
    expect(await textOf(world, 'many-0')).toBe('two');
    expect(await textOf(world, 'many-1899')).toBe('one');
    expect(await textOf(world, 'many-1900')).toBeUndefined();
    await world.ask('DELETE', configMapPath('many-1001'));
    await until('the deleted one to be back', () => textOf(world, 'many-1001'), PATIENT);
    return '2,000 applied, 950 changed, 99 removed, one healed';
  });
});
