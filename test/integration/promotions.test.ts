import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromotionWorld } from './promotions-fixture.ts';

let world: PromotionWorld;
beforeEach(async () => {
  world = await PromotionWorld.start();
});
afterEach(() => world.stop());

const automatic = (...environments: string[]) =>
  environments.map((environment) => ({ environment, trigger: 'AUTOMATIC' as const }));

/** Waits until the agent of the cluster is assigned the release. */
async function given(cluster: string, release: number): Promise<void> {
  const agent = world.agents.get(cluster)!;
  await expect
    .poll(async () => (await agent.assigned()).map((each) => each.release), { timeout: 10_000 })
    .toEqual([release]);
}

describe('automatic steps', () => {
  it('follow one another, each once the release is verified in the one before', async () => {
    await world.policy(automatic('dev', 'prod'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await world.ship('1');
    await world.tells('dev#1 ROLLING', 'prod#1 PENDING');
    const waiting = await world.find('prod', 1);
    expect(waiting.waitingOn).toMatchObject([{ kind: 'UPSTREAM' }]);
    expect(waiting.explanation.join(' ')).toMatch(/must be verified in dev before it may enter prod/);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'prod#1 ROLLING');
    await world.report('prod-1');
    await world.tells('dev#1 SUCCEEDED', 'prod#1 SUCCEEDED');
  });

  it('are not passed by a cluster that is synced and not healthy', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.report('dev-1', { health: 'PROGRESSING', message: '1 of 3 ready' });
    await expect
      .poll(async () => (await world.find('dev', 1)).waitingOn)
      .toMatchObject([
        { kind: 'HEALTH', message: expect.stringContaining('dev-1 (1 of 3 ready)') as string },
      ]);
    expect(await world.story()).toEqual(['dev#1 ROLLING']);
  });

  it('wait for the slot, and the newest of those that wait takes the place of the others', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.ship('2');
    await world.tells('dev#1 ROLLING', 'dev#2 PENDING');
    expect((await world.find('dev', 2)).waitingOn).toMatchObject([{ kind: 'SLOT' }]);
    await world.ship('3');
    await world.tells('dev#1 ROLLING', 'dev#2 PENDING', 'dev#3 PENDING');
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUPERSEDED', 'dev#3 ROLLING');
    expect((await world.find('dev', 2)).supersededBy).toEqual({ id: (await world.find('dev', 3)).id });
  });

  it('fail with what the agent said when an object is refused, and let the fix follow', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.report('dev-1', { sync: 'FAILED', message: 'ConfigMap/shop: apply: refused' });
    await world.tells('dev#1 FAILED');
    expect((await world.find('dev', 1)).explanation.join(' ')).toMatch(
      /dev-1 FAILED \(ConfigMap\/shop: apply: refused\)/,
    );
    await world.ship('2');
    await given('dev-1', 2);
    await world.report('dev-1');
    await world.tells('dev#1 FAILED', 'dev#2 SUCCEEDED');
  });

  it('time out at the deadline of the step', async () => {
    await world.stop();
    world = await PromotionWorld.start({ FAIRLEAD_STALE_AFTER: '1s' });
    await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC', progressDeadline: '1s' }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await world.tells('dev#1 FAILED');
    expect((await world.find('dev', 1)).explanation.join(' ')).toMatch(/dev-1 TIMED_OUT/);
  });

  it('start in an empty environment when its first cluster joins', async () => {
    await world.policy(automatic('dev'));
    await world.ship('1');
    await world.tells('dev#1 PENDING');
    expect((await world.find('dev', 1)).waitingOn).toMatchObject([{ kind: 'CLUSTERS' }]);
    await world.cluster('dev-1', 'dev');
    await world.tells('dev#1 ROLLING');
  });

  it('are passed by the clusters that answer while one is offline, and the late one catches up', async () => {
    await world.stop();
    world = await PromotionWorld.start({ FAIRLEAD_STALE_AFTER: '1s', FAIRLEAD_OFFLINE_AFTER: '2s' });
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.cluster('dev-2', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    // Both fall silent; the wave goes on waiting, because nobody has proved anything.
    await expect
      .poll(async () => (await world.find('dev', 1)).waitingOn, { timeout: 20_000 })
      .toMatchObject([{ kind: 'OFFLINE' }]);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
    await given('dev-2', 1);
  });
});

describe('a cluster that joins', () => {
  it('gets what runs in its slot, without a new promotion', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
    await world.cluster('dev-2', 'dev');
    await given('dev-2', 1);
    expect(await world.story()).toEqual(['dev#1 SUCCEEDED']);
  });

  it('catches up in a wave of its own when the waves of the rollout that it meets have begun', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.cluster('dev-2', 'dev');
    await expect
      .poll(() => world.waves('dev', 1))
      .toEqual([expect.stringContaining('dev-1 '), expect.stringContaining('dev-2 PENDING')]);
    await world.report('dev-1');
    await given('dev-2', 1);
    expect(await world.story()).toEqual(['dev#1 ROLLING']);
    await world.report('dev-2');
    await world.tells('dev#1 SUCCEEDED');
  });
});

describe('a manual step', () => {
  it('waits for a person, says so, and starts when asked', async () => {
    await world.policy([{ environment: 'dev' }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    const slot = await world.hub.graphql<{ slot: { waitingOn: { kind: string }[]; explanation: string[] } }>(
      '{ slot(application: "shop", environment: "dev") { waitingOn { kind } explanation } }',
    );
    expect(slot.slot.waitingOn).toEqual([{ kind: 'PROMOTION' }]);
    expect(slot.slot.explanation.join(' ')).toMatch(/MANUAL/);
    const { promotion } = await world.promote('dev', 1);
    expect(promotion).toMatchObject({ intent: 'FORWARD', requestedBy: 'admin' });
    await given('dev-1', 1);
  });

  it('answers the same key with the same promotion, also when asked twenty times at once', async () => {
    await world.policy([{ environment: 'dev' }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    const asked = Array.from({ length: 20 }, () => world.promote('dev', 1, { idempotencyKey: 'one' }));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ promotion }) => promotion?.id)).size).toBe(1);
    expect(await world.story()).toHaveLength(1);
  });

  it('refuses what already waits or runs, an older release, and an environment outside the policy', async () => {
    await world.policy([{ environment: 'dev' }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await world.promote('dev', 1);
    expect((await world.promote('dev', 1)).refusal).toMatchObject({ code: 'ALREADY_OPEN' });
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
    expect((await world.promote('dev', 1)).refusal).toMatchObject({ code: 'ALREADY_CURRENT' });
    await world.ship('2');
    await world.promote('dev', 2);
    await given('dev-1', 2);
    expect((await world.promote('dev', 1)).refusal).toMatchObject({ code: 'OLDER_RELEASE' });
    await world.hub.graphql(
      'mutation { saveEnvironment(input: { name: "lab", selector: "env=lab" }) { environment { name } } }',
    );
    expect((await world.promote('lab', 2)).refusal).toMatchObject({ code: 'NOT_IN_POLICY' });
    await expect(world.promote('dev', 9)).rejects.toThrow(/Release "shop#9" does not exist/);
  });
});

describe('a rollback', () => {
  beforeEach(async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED');
    await world.ship('2');
    await given('dev-1', 2);
  });

  it('cancels what rolls and returns to the release that was verified here', async () => {
    const { promotion } = await world.rollback('dev');
    expect(promotion).toMatchObject({ intent: 'ROLLBACK', state: 'ROLLING', release: { number: 1 } });
    expect(promotion?.rollbackOf).toEqual({ id: (await world.find('dev', 2)).id });
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED');
  });

  it('is not undone by automation: what is newer waits until a person ends the hold', async () => {
    await world.rollback('dev');
    await given('dev-1', 1);
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED');
    await world.ship('3');
    const told = ['dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED'];
    await world.tells(...told, 'dev#3 PENDING');
    await world.hub.graphql(
      'mutation { endHold(application: "shop", environment: "dev", reason: "mended") { refusal { message } } }',
    );
    await given('dev-1', 3);
    await world.tells(...told, 'dev#3 ROLLING');
  });

  it('goes to the release that is named, and refuses one that runs already', async () => {
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED');
    expect((await world.rollback('dev', 2)).refusal).toMatchObject({ code: 'ALREADY_CURRENT' });
    expect((await world.rollback('dev', 1)).promotion).toMatchObject({ release: { number: 1 } });
  });

  it('is no way around the gates for a release that never ran here', async () => {
    await world.ship('3');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 ROLLING', 'dev#3 PENDING');
    expect((await world.rollback('dev', 3)).refusal).toMatchObject({ code: 'NEVER_RAN_HERE' });
  });

  it('passes over a late success of the release that it left', async () => {
    const agent = world.agents.get('dev-1')!;
    const late = await agent.assigned();
    await world.rollback('dev');
    await given('dev-1', 1);
    expect(late[0]?.release).toBe(2);
    await world.hub.graphql(
      'mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts } }',
      { batch: { session: 1, sequence: 99, instances: [lateReport(late[0]!)] } },
      agent.credential,
    );
    await world.report('dev-1', { sync: 'SYNCING', health: 'PROGRESSING' });
    expect(await world.story()).toEqual(['dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 ROLLING']);
  });
});

function lateReport({
  instance,
  generation,
  bundle,
}: {
  instance: string;
  generation: number;
  bundle: string;
}) {
  const said = { sync: 'SYNCED', health: 'HEALTHY', message: '', driftCount: 0, truncated: false };
  return { instance, generation, bundle, ...said, objects: [], pendingPrune: [], contentHash: 'late' };
}
