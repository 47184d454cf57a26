import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromotionWorld } from './promotions-fixture.ts';
import { People } from './promotions-people.ts';

let world: PromotionWorld;
let people: People;
beforeEach(async () => {
  world = await PromotionWorld.start();
  people = new People(world.hub);
});
afterEach(() => world.stop());

/** A pattern inside an expected object; a bare one there would match anything. */
const like = (pattern: RegExp) => expect.stringMatching(pattern) as string;

interface SlotView {
  readonly hold: {
    readonly reason: string;
    readonly createdBy: string;
    readonly until: string | null;
  } | null;
  readonly explanation: readonly string[];
  readonly waitingOn: readonly { readonly kind: string }[];
}
interface SlotAnswer {
  readonly slot: SlotView | null;
  readonly refusal: { readonly code: string } | null;
}

const SLOT = 'hold { reason createdBy until } explanation waitingOn { kind }';
const at = { application: 'shop', environment: 'dev' };

async function hold(reason: string, until: string | null = null): Promise<SlotAnswer> {
  const { result } = await world.hub.graphql<{ result: SlotAnswer }>(
    `mutation ($application: String!, $environment: String!, $reason: String!, $until: DateTime) {
       result: holdSlot(application: $application, environment: $environment, reason: $reason, until: $until) { slot { ${SLOT} } refusal { code } } }`,
    { ...at, reason, until },
  );
  return result;
}

async function endHold(): Promise<SlotAnswer> {
  const { result } = await world.hub.graphql<{ result: SlotAnswer }>(
    `mutation ($application: String!, $environment: String!) {
       result: endHold(application: $application, environment: $environment) { slot { ${SLOT} } refusal { code } } }`,
    at,
  );
  return result;
}

async function slot(): Promise<SlotView> {
  const found = await world.hub.graphql<{ slot: SlotView }>(
    `query ($application: String!, $environment: String!) { slot(application: $application, environment: $environment) { ${SLOT} } }`,
    at,
  );
  return found.slot;
}

async function heldSlots(held: boolean): Promise<number> {
  const { slots } = await world.hub.graphql<{ slots: { nodes: readonly unknown[] } }>(
    'query ($held: Boolean) { slots(held: $held) { nodes { id } } }',
    { held },
  );
  return slots.nodes.length;
}

/** `dev` with one cluster, and release 1 on its way there. */
async function rolling(): Promise<string> {
  await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC' }]);
  await world.cluster('dev-1', 'dev');
  await world.ship('1');
  await world.tells('dev#1 ROLLING');
  return (await world.find('dev', 1)).id;
}

/** Release 1 verified in `dev`, release 2 on its way. */
async function second(): Promise<string> {
  await rolling();
  await world.report('dev-1');
  await world.tells('dev#1 SUCCEEDED');
  await world.ship('2');
  await world.tells('dev#1 SUCCEEDED', 'dev#2 ROLLING');
  return (await world.find('dev', 2)).id;
}

describe('a pause', () => {
  it('of a person stops a rollout until a person lets it go on; a pending one is held instead', async () => {
    const id = await rolling();
    expect((await people.decide('pausePromotion', { id, reason: '' })).refusal?.code).toBe('REASON_NEEDED');
    expect((await people.decide('resumePromotion', { id })).refusal?.code).toBe('NOT_PAUSED');
    const { promotion } = await people.decide('pausePromotion', { id, reason: 'lunch' });
    expect(promotion).toMatchObject({
      state: 'PAUSED',
      waitingOn: [{ kind: 'PAUSE', message: like(/lunch/) }],
    });
    await people.decide('pausePromotion', { id, reason: 'a longer lunch' });
    await world.report('dev-1');
    await world.ship('2');
    await world.tells('dev#1 PAUSED', 'dev#2 PENDING');
    const waiting = await world.find('dev', 2);
    expect((await people.decide('pausePromotion', { id: waiting.id, reason: 'x' })).refusal).toMatchObject({
      code: 'NOT_RUNNING',
      message: like(/holdSlot/),
    });
    expect(await world.story()).toEqual(['dev#1 PAUSED', 'dev#2 PENDING']);
    await people.decide('resumePromotion', { id });
    await world.tells('dev#1 SUCCEEDED', 'dev#2 ROLLING');
    expect((await people.decide('pausePromotion', { id, reason: 'x' })).refusal?.code).toBe('ALREADY_ENDED');
  });
});

describe('an end by a person', () => {
  it('rejects what waits, with a reason, and not what runs', async () => {
    const id = await rolling();
    expect((await people.decide('rejectPromotion', { id, reason: 'no' })).refusal).toMatchObject({
      code: 'ALREADY_RUNNING',
      message: like(/cancelPromotion/),
    });
    await world.ship('2');
    await world.tells('dev#1 ROLLING', 'dev#2 PENDING');
    const waiting = await world.find('dev', 2);
    await people.decide('rejectPromotion', { id: waiting.id, reason: 'not on a Friday' });
    await world.tells('dev#1 ROLLING', 'dev#2 REJECTED');
    expect((await world.find('dev', 2)).explanation.join(' ')).toMatch(/Rejected by admin: not on a Friday/);
  });

  it('cancels a rollout and leaves what has moved as it is', async () => {
    const id = await second();
    expect((await people.decide('cancelPromotion', { id, reason: 'wrong one' })).promotion?.state).toBe(
      'CANCELLED',
    );
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED');
    expect((await world.agents.get('dev-1')!.assigned()).map(({ release }) => release)).toEqual([2]);
    expect((await people.decide('cancelPromotion', { id, reason: 'again' })).refusal?.code).toBe(
      'ALREADY_ENDED',
    );
  });

  it('cancels a rollout and takes it back by a linked rollback, after which newer releases wait for a person', async () => {
    const id = await second();
    const cancelled = await people.decide('cancelPromotion', { id, reason: 'wrong one', revert: true });
    expect(cancelled.promotion).toMatchObject({ id, state: 'CANCELLED' });
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 ROLLING');
    expect(await world.find('dev', 1)).toMatchObject({ intent: 'ROLLBACK', rollbackOf: { id } });
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED');
    expect((await slot()).hold).toMatchObject({
      reason: like(/Release 2 was rolled back: wrong one/),
      createdBy: 'admin',
    });
    await world.ship('3');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED', 'dev#3 PENDING');
    expect((await world.find('dev', 3)).waitingOn).toMatchObject([{ kind: 'HOLD' }]);
    await endHold();
    await world.tells('dev#1 SUCCEEDED', 'dev#2 CANCELLED', 'dev#1 SUCCEEDED', 'dev#3 ROLLING');
  });

  it('has nothing to revert to where nothing ran before', async () => {
    const id = await rolling();
    expect((await people.decide('cancelPromotion', { id, reason: 'x', revert: true })).refusal?.code).toBe(
      'NOTHING_BEFORE',
    );
    expect(await world.story()).toEqual(['dev#1 ROLLING']);
  });
});

describe('asking again', () => {
  it('tries what ended once more, linked to it, and nothing that runs or succeeded', async () => {
    const id = await rolling();
    expect((await people.decide('retryPromotion', { id })).refusal?.code).toBe('NOT_ENDED');
    await people.decide('cancelPromotion', { id, reason: 'x' });
    const { promotion } = await people.decide('retryPromotion', { id });
    expect(promotion).toMatchObject({ intent: 'FORWARD', retryOf: { id } });
    await world.tells('dev#1 CANCELLED', 'dev#1 ROLLING');
    expect((await people.decide('retryPromotion', { id })).refusal?.code).toBe('ALREADY_OPEN');
    await world.report('dev-1');
    await world.tells('dev#1 CANCELLED', 'dev#1 SUCCEEDED');
    expect((await people.decide('retryPromotion', { id: promotion?.id })).refusal).toMatchObject({
      code: 'ALREADY_SUCCEEDED',
      message: like(/REDEPLOY/),
    });
  });

  it('deploys what runs once more, and only that', async () => {
    await second();
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED');
    expect((await world.promote('dev', 1, { intent: 'REDEPLOY' })).refusal?.code).toBe('NOT_CURRENT');
    const { promotion } = await world.promote('dev', 2, { intent: 'REDEPLOY' });
    expect(promotion?.intent).toBe('REDEPLOY');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED', 'dev#2 ROLLING');
  });

  it('with the same key answers with what it made, and refuses another request under that key', async () => {
    await rolling();
    await world.ship('2');
    await world.tells('dev#1 ROLLING', 'dev#2 PENDING');
    await people.decide('rejectPromotion', { id: (await world.find('dev', 2)).id, reason: 'later' });
    const key = { idempotencyKey: 'ticket-7' };
    const first = await world.promote('dev', 2, key);
    const again = await world.promote('dev', 2, key);
    expect(again.promotion?.id).toBe(first.promotion?.id);
    expect((await world.promote('dev', 1, key)).refusal?.code).toBe('KEY_USED');
  });
});

describe('a hotfix', () => {
  it('needs a reason, and takes the place of the same release that waits', async () => {
    const gates = [{ soak: { environment: 'test', duration: '1h' } }, { driftFree: true }];
    await world.policy([
      { environment: 'test' },
      { environment: 'dev', gates, hotfixSkips: ['soak', 'upstream'] },
    ]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    const { promotion } = await world.promote('dev', 1);
    expect(promotion?.waitingOn.map(({ kind }) => kind)).toEqual(['UPSTREAM', 'SOAK']);
    expect((await world.promote('dev', 1, { intent: 'HOTFIX' })).refusal?.code).toBe('REASON_NEEDED');
    const hotfix = await world.promote('dev', 1, { intent: 'HOTFIX', reason: 'the shop is down' });
    await world.tells('dev#1 SUPERSEDED', 'dev#1 ROLLING');
    expect(await people.gates(hotfix.promotion?.id ?? '')).toEqual([
      'upstream OVERRIDDEN',
      'soak OVERRIDDEN',
      'driftFree PASSED',
      'freeze PASSED',
    ]);
  });
});

describe('a hold', () => {
  it('keeps everything out but rollbacks and hotfixes, says so, and ends with a word or with its time', async () => {
    await second();
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED');
    expect((await hold(' ')).refusal?.code).toBe('REASON_NEEDED');
    expect((await hold('audit', '2020-01-01T00:00:00Z')).refusal?.code).toBe('UNTIL_IN_THE_PAST');
    expect((await endHold()).refusal?.code).toBe('NOT_HELD');
    expect((await hold('audit')).slot?.hold).toEqual({ reason: 'audit', createdBy: 'admin', until: null });
    expect([await heldSlots(true), await heldSlots(false)]).toEqual([1, 0]);
    await world.ship('3');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED', 'dev#3 PENDING');
    expect(await slot()).toMatchObject({
      waitingOn: [{ kind: 'HOLD' }],
      explanation: expect.arrayContaining(['dev is held by admin: audit']) as string[],
    });
    expect((await world.rollback('dev')).promotion?.intent).toBe('ROLLBACK');
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED', 'dev#3 PENDING', 'dev#1 SUCCEEDED');
    await hold('a little longer', new Date(Date.now() + 3_000).toISOString());
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED', 'dev#3 ROLLING', 'dev#1 SUCCEEDED');
    expect((await slot()).hold).toBeNull();
  });
});
