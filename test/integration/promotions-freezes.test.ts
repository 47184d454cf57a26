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

interface FreezeView {
  readonly id: string;
  readonly reason: string;
  readonly until: string | null;
  readonly endedAt: string | null;
}
interface Answer {
  readonly freeze?: FreezeView | null;
  readonly refusal?: { readonly code: string } | null;
  readonly error?: string;
}

/** A pattern inside an expected object; a bare one there would match anything. */
const like = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const automatic = (...environments: string[]) =>
  environments.map((environment) => ({ environment, trigger: 'AUTOMATIC' as const }));

async function freeze(input: object, user?: string): Promise<Answer> {
  const { data, errors } = await world.hub.answer<{ createFreeze: Answer }>(
    'mutation ($i: FreezeInput!) { createFreeze(input: $i) { freeze { id reason until endedAt } refusal { code } } }',
    { i: { reason: 'the sale', ...input } },
    user && people.secret(user),
  );
  return errors
    ? { error: `${errors[0]?.extensions.code}: ${errors[0]?.message}` }
    : (data?.createFreeze ?? {});
}

async function endFreeze(id: string | undefined): Promise<Answer> {
  const { endFreeze: answer } = await world.hub.graphql<{ endFreeze: Answer }>(
    'mutation ($id: ID!) { endFreeze(id: $id, reason: "over") { freeze { id endedAt } refusal { code } } }',
    { id },
  );
  return answer;
}

async function listed(active: boolean | null): Promise<readonly string[]> {
  const { freezes } = await world.hub.graphql<{ freezes: { nodes: readonly FreezeView[] } }>(
    'query ($active: Boolean) { freezes(active: $active) { nodes { reason } } }',
    { active },
  );
  return freezes.nodes.map(({ reason }) => reason);
}

const waits = async (environment: string) => (await world.find(environment, 1)).waitingOn;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a freeze', () => {
  it('lets nothing in its scope start, says until when, and lets go at once when it is ended', async () => {
    await world.policy(automatic('dev'));
    await world.cluster('dev-1', 'dev');
    const until = inAnHour();
    const made = await freeze({ environment: 'dev', until });
    expect(made.freeze).toMatchObject({ reason: 'the sale', until, endedAt: null });
    await world.ship('1');
    await world.tells('dev#1 PENDING');
    expect(await waits('dev')).toMatchObject([
      { kind: 'FREEZE', message: like(/dev is frozen by admin until .*: the sale/), until },
    ]);
    const ended = await endFreeze(made.freeze?.id);
    expect(ended.freeze?.endedAt).not.toBeNull();
    await world.tells('dev#1 ROLLING');
    expect((await endFreeze(made.freeze?.id)).refusal?.code).toBe('ALREADY_ENDED');
  });

  it('ends by itself', async () => {
    await world.policy([{ environment: 'dev' }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    const until = new Date(Date.now() + 5_000).toISOString();
    await freeze({ until });
    const { promotion } = await world.promote('dev', 1);
    expect(promotion?.waitingOn).toMatchObject([{ kind: 'FREEZE', until }]);
    await world.tells('dev#1 ROLLING');
    const started = (await people.told(promotion?.id ?? '')).find(({ kind }) => kind === 'promotion.started');
    expect(started && started.at >= until).toBe(true);
  });

  it('is about what it names: application, environment, and clusters by their labels', async () => {
    await world.policy(automatic('dev', 'prod').map((step) => ({ ...step, after: [] })));
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await freeze({ selector: 'env=prod', reason: 'prod only' });
    await freeze({ selector: 'env=prod', environment: 'dev', reason: 'no cluster matches both' });
    await world.ship('1');
    await world.tells('dev#1 ROLLING', 'prod#1 PENDING');
    expect(await waits('prod')).toMatchObject([
      { kind: 'FREEZE', message: like(/until somebody ends it: prod only/) },
    ]);
  });

  it('is passed by a rollback, by a hotfix that may skip it, and by an override', async () => {
    await world.policy([
      { environment: 'dev', hotfixSkips: ['freeze'] },
      { environment: 'prod', after: [] },
    ]);
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await world.ship('1');
    await freeze({});
    await world.promote('dev', 1, { intent: 'HOTFIX', reason: 'the shop is down' });
    await world.tells('dev#1 ROLLING');
    expect(await people.gates((await world.find('dev', 1)).id)).toEqual(['freeze OVERRIDDEN']);
    const { promotion } = await world.promote('prod', 1);
    expect(await waits('prod')).toMatchObject([{ kind: 'FREEZE' }]);
    await people.decide('overrideGate', {
      promotion: promotion?.id,
      gate: 'freeze',
      reason: 'agreed with the board',
    });
    await world.tells('dev#1 ROLLING', 'prod#1 ROLLING');
  });

  it('is refused without a reason, with every problem at once, and to viewers', async () => {
    await people.add('vic', 'VIEWER');
    expect((await freeze({ reason: ' ' })).refusal?.code).toBe('REASON_NEEDED');
    expect((await freeze({}, 'vic')).error).toMatch(/^FORBIDDEN/);
    const wrong = await freeze({
      application: 'x',
      environment: 'y',
      selector: 'a in',
      until: '2020-01-01T00:00:00Z',
    });
    for (const part of ['INVALID', 'Application "x"', 'Environment "y"', 'at character', 'in the past']) {
      expect(wrong.error).toContain(part);
    }
  });

  it('is listed, newest first, as long as it is on or not', async () => {
    const { freeze: first } = await freeze({ reason: 'first' });
    await freeze({ reason: 'second', until: inAnHour() });
    await freeze({ reason: 'later', from: inAnHour() });
    expect(await listed(true)).toEqual(['second', 'first']);
    await endFreeze(first?.id);
    expect(await listed(true)).toEqual(['second']);
    expect(await listed(false)).toEqual(['later', 'first']);
    expect(await listed(null)).toEqual(['later', 'second', 'first']);
  });
});
