// Agent, hub or the way between them is away for a while.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { clockOfProcess, shiftClock } from '../../support/shifted-clock.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import {
  addApplication,
  configMap,
  configMapPath,
  connectionIs,
  deleteApplication,
  faultStage,
  isOf,
  PATIENT,
  ownedConfigMaps,
  textOf,
} from './fault-stage.ts';

const MINUTE_MS = 60_000;
const stage = faultStage();
const folder = mkdtempSync(join(tmpdir(), 'fairlead-fault-clock-'));
afterEach(() => shiftClock(0));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objectOf = (name: string, text: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { text },
});

const buried = (name: string) =>
  until(`the hub to have buried ${name}, and its promotions with it`, async () => {
    const { rows } = await stage.db.query(
      `select from instance where application_name = $1 and tombstone is not null
       union all
       select from promotion where finished_at is null
          and not exists (select from application where id = application_id)`,
      [name],
    );
    return rows.length === 0;
  });

describe('away and back', () => {
  faultCase('agent-away-objects-changed', async () => {
    const world = await stage.world('absent', { files: { 'a.yaml': configMap('a', 'as released') } });
    const first = world.start();
    await world.synced(1);
    await first.end('SIGKILL');
    await world.removeSettings();
    await world.ask('DELETE', configMapPath('a'));
    await world.ask('POST', '/api/v1/namespaces/shop/configmaps', objectOf('a', 'by hand'));
    await world.ask('POST', '/api/v1/namespaces/shop/configmaps', objectOf('strange', 'not ours'));
    world.start();
    await until('the deleted object to be back', () => world.text());
    await until(
      'the other one to be as released',
      async () => (await textOf(world, 'a')) === 'as released',
      PATIENT,
    );
    await world.synced(1);
    expect(await ownedConfigMaps(world, INSTANCE_LABEL)).toEqual(['a', 'settings']);
    expect(await textOf(world, 'strange')).toBe('not ours');
    return 'both healed, the stranger’s object left alone';
  });

  faultCase('link-down-create-update-delete', async () => {
    const world = await stage.world('three');
    await addApplication(stage.hub, world, 'three-old', {
      'one.yaml': configMap('three-old', 'to be deleted'),
    });
    world.start();
    await world.synced(1);
    await until('the other application', () => textOf(world, 'three-old'));
    stage.link.setDown(true);
    await addApplication(stage.hub, world, 'three-new', {
      'one.yaml': configMap('three-new', 'made meanwhile'),
    });
    await world.commit('changed meanwhile');
    await deleteApplication(stage.hub, 'three-old');
    expect(await textOf(world, 'three-old')).toBe('to be deleted');
    stage.link.setDown(false);
    await world.synced(2);
    await until('the new application', () => textOf(world, 'three-new'));
    await buried('three-old');
    expect(await ownedConfigMaps(world, INSTANCE_LABEL)).toEqual(['settings', 'three-new']);
    expect(await world.text()).toBe('changed meanwhile');
    return 'all three arrived within one pull';
  });

  faultCase('link-down-delete-recreate', async () => {
    const world = await stage.world('again');
    await addApplication(stage.hub, world, 'again-app', { 'one.yaml': configMap('again-app', 'the first') });
    world.start();
    await world.synced(1);
    await until('the application', () => textOf(world, 'again-app'));
    const labelOf = async () =>
      (await world.ask('GET', configMapPath('again-app')))?.metadata.labels?.[INSTANCE_LABEL];
    const before = await labelOf();
    stage.link.setDown(true);
    await deleteApplication(stage.hub, 'again-app');
    await addApplication(stage.hub, world, 'again-app', { 'one.yaml': configMap('again-app', 'the second') });
    stage.link.setDown(false);
    await until(
      'the second to run',
      async () => (await textOf(world, 'again-app')) === 'the second',
      PATIENT,
    );
    await buried('again-app');
    await until('the hub to see it', async () => {
      const { rows } = await stage.db.query(
        `select from instance i join instance_status s on s.instance_id = i.id
          where i.application_name = 'again-app' and s.sync = 'SYNCED' and s.generation = i.generation`,
      );
      return rows.length === 1;
    });
    expect(await textOf(world, 'again-app')).toBe('the second');
    expect(await labelOf()).not.toBe(before);
    return 'a new identity, and nothing of it was taken by the old tombstone';
  });

  faultCase('ten-minutes', async () => {
    const world = await stage.world('ten-minutes');
    const clock = clockOfProcess(join(folder, 'ten-minutes'), 0);
    const agent = world.start(clock.settings, [clock.preload]);
    await world.synced(1);
    stage.link.setDown(true);
    shiftClock(10 * MINUTE_MS);
    clock.move(agent.pid, 10 * MINUTE_MS);
    expect(await world.connectionState()).toBe('OFFLINE');
    await world.removeSettings();
    await until('the object to be back', () => world.text());
    await world.commit('made in the partition');
    stage.link.setDown(false);
    await world.synced(2);
    await connectionIs(world, 'ONLINE');
    return 'OFFLINE, healed meanwhile, ONLINE again with release 2';
  });

  faultCase('week-without-hub', async () => {
    const world = await stage.world('week');
    const clock = clockOfProcess(join(folder, 'week'), 0);
    const agent = world.start({ ...clock.settings }, [clock.preload]);
    await world.synced(1);
    stage.link.setDown(true);
    for (let day = 1; day <= 7; day += 1) {
      shiftClock(day * 24 * 60 * MINUTE_MS);
      clock.move(agent.pid, day * 24 * 60 * MINUTE_MS);
      await world.removeSettings();
      await until(`the object to be back on day ${day}`, () => world.text());
    }
    await world.commit('of the next week');
    stage.link.setDown(false);
    await world.synced(2);
    expect(agent.said('credential renewed')).toBe(true);
    const joins = stage.link.seen.filter(isOf('JoinCluster'));
    expect(joins.filter(({ body }) => body.includes(world.joinToken))).toHaveLength(1);
    await connectionIs(world, 'ONLINE');
    return 'healed on each of seven days, renewed by its key, release 2 applied';
  });

  faultCase('credential-expired', async () => {
    const world = await stage.world('expired');
    const agent = world.start();
    await world.synced(1);
    await stage.db.query(
      `update cluster_credential set expires_at = now() - interval '1 s'
        where cluster_id = (select id from cluster where name = 'expired')`,
    );
    // Past the seconds for which the hub remembers a credential that it has just seen.
    shiftClock(MINUTE_MS / 10);
    stage.link.setDown(true);
    stage.link.setDown(false);
    await world.commit('with a new credential');
    await world.synced(2);
    expect(agent.said('credential renewed')).toBe(true);
    return 'renewed without a join token';
  });
});
