// The way to the hub is slow, half-open or breaks all the time; and clocks are wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { clockOfProcess, shiftClock } from '../../support/shifted-clock.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import { connectionIs, faultStage, isOf, PATIENT } from './fault-stage.ts';

const DAY_MS = 86_400_000;
// The heartbeat is a third of it: a half-open connection is noticed within seconds.
const stage = faultStage({ FAIRLEAD_STALE_AFTER: '6s', FAIRLEAD_OFFLINE_AFTER: '5m' });
const folder = mkdtempSync(join(tmpdir(), 'fairlead-fault-clock-'));
afterEach(() => shiftClock(0));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sessionOf = async (cluster: string): Promise<number> => {
  const { rows } = await stage.db.query<{ session: string }>('select session from cluster where name = $1', [
    cluster,
  ]);
  return Number(rows[0]?.session);
};

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

describe('the network', () => {
  faultCase('link-slow', async () => {
    const world = await stage.world('slow');
    stage.link.disturb(async (_request, carry) => {
      await pause(3_000);
      return carry();
    });
    world.start();
    await world.synced(1);
    await connectionIs(world, 'ONLINE');
    await world.commit('slowly');
    await world.synced(2);
    await connectionIs(world, 'ONLINE');
    return 'ONLINE and at release 2';
  });

  faultCase('link-half-open', async () => {
    const world = await stage.world('half-open');
    const agent = world.start();
    await world.synced(1);
    await connectionIs(world, 'ONLINE');
    stage.link.setFrozen(true);
    await connectionIs(world, 'STALE');
    await world.commit('while nothing passes');
    await until('the agent to notice', () => agent.said('the connection to the hub failed'), PATIENT);
    stage.link.setFrozen(false);
    await world.synced(2);
    await connectionIs(world, 'ONLINE');
    return 'STALE at the hub, noticed by the agent’s own ping, ONLINE at release 2';
  });

  faultCase('link-flapping', async () => {
    const world = await stage.world('flapping');
    world.start();
    await world.synced(1);
    await world.commit('between two breaks');
    for (let n = 0; n < 30; n += 1) {
      stage.link.setDown(true);
      await pause(50);
      stage.link.setDown(false);
      await pause(280);
    }
    await world.synced(2);
    expect(await sessionOf('flapping')).toBe(1);
    return 'broken 30 times in ten seconds: release 2 arrived, one session';
  });
});

describe('clocks', () => {
  for (const [key, days] of [
    ['agent-clock-ahead', 3],
    ['agent-clock-behind', -3],
  ] as const) {
    faultCase(key, async () => {
      const world = await stage.world(key);
      const clock = clockOfProcess(join(folder, key), days * DAY_MS);
      const agent = world.start(clock.settings, [clock.preload]);
      await world.synced(1);
      await stage.db.query(
        `update cluster_credential set expires_at = now() - interval '1 s'
          where cluster_id = (select id from cluster where name = $1)`,
        [key],
      );
      shiftClock(6_000);
      await world.commit('with a wrong clock');
      stage.link.setDown(true);
      stage.link.setDown(false);
      await world.synced(2);
      await until('the renewal', () => agent.said('credential renewed'));
      const renewals = stage.link.seen.filter(isOf('RenewCredential')).length;
      expect(agent.output()).not.toContain('RENEWAL_TIME');
      // No storm of renewals because of what it believes of the time.
      expect(renewals).toBeLessThan(10);
      expect(agent.log.filter(({ message }) => message === 'credential renewed')).toHaveLength(1);
      return `${Math.abs(days)} days off: joined, renewed once, release 2 applied`;
    });
  }
});
