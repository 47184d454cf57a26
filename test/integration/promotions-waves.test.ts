import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { PromotionWorld, type Step } from './promotions-fixture.ts';

let world: PromotionWorld;
afterEach(() => world.stop());

const canary = { name: 'canary', count: 1 };
const rest = { name: 'rest' };

/** A hub with `count` clusters c1, c2 … in `prod`, whose step is automatic, and release 1 on its way. */
async function fleet(
  count: number,
  step: Partial<Step>,
  environment: Record<string, string> = {},
): Promise<void> {
  world = await PromotionWorld.start(environment);
  await world.policy([{ environment: 'prod', trigger: 'AUTOMATIC', ...step }]);
  for (let index = 1; index <= count; index += 1) await world.cluster(`c${index}`, 'prod');
  await world.ship('1');
}

/** Release 1 is verified everywhere, by whatever waves. */
async function verified(count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) await world.applies(`c${index}`, 1);
  await world.tells('prod#1 SUCCEEDED');
}

const refused = { sync: 'FAILED', message: 'ConfigMap/shop: apply: refused' };

async function slot(): Promise<{
  hold: { reason: string } | null;
  currentRelease: { number: number } | null;
}> {
  const { slot: found } = await world.hub.graphql<{ slot: Awaited<ReturnType<typeof slot>> }>(
    '{ slot(application: "shop", environment: "prod") { hold { reason } currentRelease { number } } }',
  );
  return found;
}

describe('waves', () => {
  it('follow one another: nobody is given the release before the wave in front is healthy on it', async () => {
    await fleet(4, { waves: [canary, { name: 'half', percent: 50 }, rest] });
    await world.wavesAre(
      'prod',
      1,
      'canary IN_PROGRESS: c1 ASSIGNED',
      'half PENDING: c2 PENDING',
      'rest PENDING: c3 PENDING, c4 PENDING',
    );
    for (const waiting of ['c2', 'c3', 'c4']) expect(await world.agents.get(waiting)!.assigned()).toEqual([]);
    await world.applies('c1', 1);
    await world.wavesAre(
      'prod',
      1,
      'canary PASSED: c1 READY',
      'half IN_PROGRESS: c2 ASSIGNED',
      'rest PENDING: c3 PENDING, c4 PENDING',
    );
    await world.applies('c2', 1);
    await world.applies('c3', 1);
    await world.applies('c4', 1);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('give the release to so many at once as the policy allows', async () => {
    await fleet(3, { waves: [{ ...rest, maxConcurrent: 1 }] });
    await world.wavesAre('prod', 1, 'rest IN_PROGRESS: c1 ASSIGNED, c2 PENDING, c3 PENDING');
    await world.applies('c1', 1);
    await world.wavesAre('prod', 1, 'rest IN_PROGRESS: c1 READY, c2 ASSIGNED, c3 PENDING');
  });

  it('bake: a cluster counts once it has stayed healthy, and the explanation says until when', async () => {
    await fleet(2, { waves: [{ ...canary, bake: '3s' }, rest] });
    await world.applies('c1', 1);
    await world.wavesAre('prod', 1, 'canary BAKING: c1 READY', 'rest PENDING: c2 PENDING');
    expect((await world.find('prod', 1)).waitingOn).toMatchObject([
      { kind: 'BAKE', until: expect.any(String) as string },
    ]);
    await world.wavesAre('prod', 1, 'canary PASSED: c1 BAKED', 'rest IN_PROGRESS: c2 ASSIGNED');
  });

  it('bake through a flap of less than the grace, and anew after a longer one', async () => {
    await fleet(1, { waves: [{ ...rest, bake: '4s' }] }, { FAIRLEAD_HEALTH_GRACE: '2s' });
    await world.applies('c1', 1);
    await world.wavesAre('prod', 1, 'rest BAKING: c1 READY');
    const healthySince = await since();
    await world.report('c1', { health: 'PROGRESSING' });
    await world.report('c1');
    expect(await since()).toEqual(healthySince);
    await world.report('c1', { health: 'PROGRESSING' });
    await world.wavesAre('prod', 1, 'rest BAKING: c1 APPLYING');
    await world.report('c1');
    await until('the bake to begin anew', async () => (await since()) > healthySince);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('pass over a wave that is empty, and never pass when the last cluster leaves', async () => {
    await fleet(1, { waves: [{ name: 'none', selector: 'tier=canary' }, rest] });
    await world.wavesAre('prod', 1, 'none SKIPPED: ', 'rest IN_PROGRESS: c1 ASSIGNED');
    await world.given('c1', 1);
    await world.move('c1', 'elsewhere', 1);
    await world.tells('prod#1 PAUSED');
    expect((await world.find('prod', 1)).explanation.join(' ')).toMatch(
      /Every cluster of the rollout has left/,
    );
    await world.cluster('c2', 'prod');
    await world.applies('c2', 1);
    await world.tells('prod#1 SUCCEEDED');
  });
});

describe('a cluster that joins in the middle of a rollout', () => {
  it('gets its place in a wave that has not begun, or in a catch-up wave', async () => {
    await fleet(2, { waves: [canary, rest] });
    await world.wavesAre('prod', 1, 'canary IN_PROGRESS: c1 ASSIGNED', 'rest PENDING: c2 PENDING');
    await world.cluster('c3', 'prod');
    await world.wavesAre(
      'prod',
      1,
      'canary IN_PROGRESS: c1 ASSIGNED',
      'rest PENDING: c2 PENDING, c3 PENDING',
    );
    await world.applies('c1', 1);
    await world.given('c2', 1);
    await world.cluster('c4', 'prod');
    await world.wavesAre(
      'prod',
      1,
      'canary PASSED: c1 READY',
      'rest IN_PROGRESS: c2 ASSIGNED, c3 ASSIGNED',
      'catch-up PENDING: c4 PENDING',
    );
    for (const cluster of ['c2', 'c3', 'c4']) await world.applies(cluster, 1);
    await world.tells('prod#1 SUCCEEDED');
  });

  it('gets the release that was verified here last when the newest one failed', async () => {
    await fleet(1, {});
    await verified(1);
    await world.ship('2');
    await world.given('c1', 2);
    await world.report('c1', refused);
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED');
    await world.cluster('c2', 'prod');
    await world.given('c2', 1);
  });
});

describe('an offline cluster', () => {
  const silent = { FAIRLEAD_STALE_AFTER: '1s', FAIRLEAD_OFFLINE_AFTER: '2s' };

  /** c1 answers, c2 was never heard again after it joined. */
  async function oneSilent(step: Partial<Step>): Promise<void> {
    await fleet(2, step, silent);
    await world.given('c1', 1);
  }

  /** c1 says again and again that it is well, so that it stays online. */
  async function tellsWhileOneReports(state: string): Promise<void> {
    await until(
      `the promotion to be ${state}`,
      async () => {
        await world.report('c1');
        return (await world.find('prod', 1)).state === state;
      },
      { timeoutMs: 20_000, intervalMs: 200 },
    );
  }

  it('is left out and catches up, with the latest assignment only', async () => {
    await oneSilent({ offline: 'EXCLUDE_AND_CATCH_UP' });
    await tellsWhileOneReports('SUCCEEDED');
    await world.ship('2');
    await until(
      'release 2 to be verified',
      async () => {
        await world.report('c1');
        return (await world.find('prod', 2)).state === 'SUCCEEDED';
      },
      { timeoutMs: 20_000, intervalMs: 200 },
    );
    expect((await world.agents.get('c2')!.assigned()).map(({ release }) => release)).toEqual([2]);
  });

  it('is waited for where the policy says so', async () => {
    await oneSilent({ offline: 'WAIT' });
    await until(
      'the promotion to wait for the silent one alone',
      async () => {
        await world.report('c1');
        const { waitingOn } = await world.find('prod', 1);
        return waitingOn.length === 1 && waitingOn[0]?.kind === 'OFFLINE';
      },
      { timeoutMs: 20_000, intervalMs: 200 },
    );
    expect(await world.story()).toEqual(['prod#1 ROLLING']);
    await world.report('c2');
    await tellsWhileOneReports('SUCCEEDED');
  });

  it('fails the rollout where the policy says so', async () => {
    await oneSilent({ offline: 'FAIL' });
    await tellsWhileOneReports('FAILED');
    expect((await world.find('prod', 1)).explanation.join(' ')).toMatch(/c2 FAILED \(its agent is offline\)/);
  });

  it('pauses the rollout beyond what the wave bears, until enough are back', async () => {
    await oneSilent({ waves: [{ ...rest, maxOffline: 0 }] });
    await tellsWhileOneReports('PAUSED');
    expect((await world.find('prod', 1)).explanation.join(' ')).toMatch(
      /1 of 2 clusters of wave rest are offline/,
    );
    await world.report('c2');
    await tellsWhileOneReports('SUCCEEDED');
  });
});

describe('a bad release', () => {
  const twoWaves = { waves: [canary, rest] };

  it('stops at the first wave, rolls it back by itself, and holds back what is newer', async () => {
    await fleet(3, { ...twoWaves, onFailure: { rollback: 'ENVIRONMENT' } });
    await verified(3);
    await world.ship('2');
    await world.given('c1', 2);
    await world.report('c1', refused);
    await world.given('c1', 1);
    await world.report('c1');
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED', 'prod#1 SUCCEEDED');
    const failed = await world.find('prod', 2);
    expect(failed.explanation[0]).toMatch(
      /c1 FAILED \(ConfigMap\/shop: apply: refused\)\. Rolling back to release 1\./,
    );
    expect(await world.find('prod', 1)).toMatchObject({
      intent: 'ROLLBACK',
      rollbackOf: { id: failed.id },
      requestedBy: 'fairlead',
    });
    expect(await world.waves('prod', 2)).toEqual([
      'canary FAILED: c1 FAILED',
      'rest SKIPPED: c2 PENDING, c3 PENDING',
    ]);
    expect(await slot()).toMatchObject({
      hold: { reason: expect.stringMatching(/Release 2 failed/) as string },
      currentRelease: { number: 1 },
    });
    await world.ship('3');
    await until('release 3 to wait for a person', async () =>
      (await world.find('prod', 3)).waitingOn.some(({ kind }) => kind === 'HOLD'),
    );
  });

  it('is taken back in the failed wave alone where the policy says WAVE', async () => {
    await fleet(3, { ...twoWaves, onFailure: { rollback: 'WAVE' } });
    await verified(3);
    await world.ship('2');
    await world.applies('c1', 2);
    await world.given('c2', 2);
    await world.report('c2', refused);
    await world.given('c2', 1);
    await world.given('c3', 1);
    expect((await world.agents.get('c1')!.assigned()).map(({ release }) => release)).toEqual([2]);
    await world.report('c2');
    await world.report('c3');
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED', 'prod#1 SUCCEEDED');
    expect(await world.waves('prod', 1)).toEqual(['rollback PASSED: c2 READY, c3 READY']);
  });

  it('is not taken back where nothing was verified before, and says so', async () => {
    await fleet(1, { onFailure: { rollback: 'ENVIRONMENT' } });
    await world.given('c1', 1);
    await world.report('c1', refused);
    await world.tells('prod#1 FAILED');
    expect((await world.find('prod', 1)).explanation[0]).toMatch(
      /no verified release to return to: roll forward/,
    );
  });

  it('is not taken back when it removed what no older release can give back', async () => {
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} };
    world = await PromotionWorld.start();
    await world.policy([
      { environment: 'prod', trigger: 'AUTOMATIC', onFailure: { rollback: 'ENVIRONMENT' } },
    ]);
    await world.cluster('c1', 'prod');
    world.repository.commit({ 'shop/claim.json': JSON.stringify(claim) }, 'a claim');
    await world.ship('1');
    await verified(1);
    world.repository.commit({ 'shop/claim.json': null }, 'no claim');
    await world.ship('2');
    await world.given('c1', 2);
    await world.report('c1', refused);
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED');
    expect((await world.find('prod', 2)).explanation[0]).toMatch(
      /Not rolled back to release 1: .*data was removed.*Roll forward instead/,
    );
  });

  it('whose rollback fails too is PAUSED and names what is left, and is never rolled back again', async () => {
    await fleet(2, { ...twoWaves, onFailure: { rollback: 'ENVIRONMENT' } });
    await verified(2);
    await world.ship('2');
    await world.given('c1', 2);
    await world.report('c1', refused);
    await world.given('c1', 1);
    await world.report('c1', refused);
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED', 'prod#1 PAUSED');
    expect((await world.find('prod', 1)).explanation.join(' ')).toMatch(
      /1 of 2 clusters could not return: c1 FAILED/,
    );
    await world.report('c1');
    await world.tells('prod#1 SUCCEEDED', 'prod#2 FAILED', 'prod#1 SUCCEEDED');
  });

  it('fails only when it stays refused: one that passes on the next try within the grace goes on', async () => {
    await fleet(1, {}, { FAIRLEAD_HEALTH_GRACE: '4s' });
    await world.given('c1', 1);
    await world.report('c1', refused);
    await until(
      'the refusal to be seen',
      async () => (await world.waves('prod', 1))[0] === 'all IN_PROGRESS: c1 APPLYING',
    );
    await world.report('c1');
    await world.tells('prod#1 SUCCEEDED');
  });

  it('is borne in as many clusters as the wave bears', async () => {
    await fleet(3, { waves: [{ ...rest, maxFailures: 1 }] });
    await world.given('c1', 1);
    await world.report('c1', refused);
    await world.applies('c2', 1);
    await world.applies('c3', 1);
    await world.tells('prod#1 SUCCEEDED');
    expect(await world.waves('prod', 1)).toEqual(['rest PASSED: c1 FAILED, c2 READY, c3 READY']);
  });
});

describe('a verified release', () => {
  it('that stays ill is revoked, so that the next environment waits, and is given back once it is well', async () => {
    world = await PromotionWorld.start();
    await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC' }, { environment: 'prod' }]);
    await world.cluster('d1', 'dev');
    await world.cluster('p1', 'prod');
    await world.ship('1');
    await world.applies('d1', 1);
    await world.tells('dev#1 SUCCEEDED');
    await world.report('d1', { health: 'DEGRADED', message: '0 of 1 ready' });
    await until('the release to be revoked', async () => (await told('release.revoked')).length === 1);
    await world.promote('prod', 1);
    await until('prod to wait for dev', async () =>
      (await world.find('prod', 1)).waitingOn.some(({ kind }) => kind === 'UPSTREAM'),
    );
    await world.report('d1');
    await world.tells('dev#1 SUCCEEDED', 'prod#1 ROLLING');
    expect(await told('release.restored')).toHaveLength(1);
  });
});

async function told(kind: string): Promise<string[]> {
  const { activity } = await world.hub.graphql<{ activity: { nodes: { message: string }[] } }>(
    'query ($kind: [String!]) { activity(filter: { kind: $kind }) { nodes { message } } }',
    { kind: [kind] },
  );
  return activity.nodes.map(({ message }) => message);
}

/** Since when the only cluster of the newest rollout is healthy; empty while it is not. */
async function since(): Promise<string> {
  const { id } = await world.find('prod', 1);
  const { promotion } = await world.hub.graphql<{
    promotion: { waves: { targets: { nodes: { healthySince: string | null }[] } }[] };
  }>('query ($id: ID!) { promotion(id: $id) { waves { targets { nodes { healthySince } } } } }', { id });
  return promotion.waves[0]?.targets.nodes[0]?.healthySince ?? '';
}
