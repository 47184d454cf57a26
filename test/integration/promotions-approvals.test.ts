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
const approval = (change: object = {}) => ({ approval: { count: 1, ...change } });

/** Release 1 asked for by olga, in an environment with one cluster and these gates. */
async function asked(gates: readonly object[], more: object = {}): Promise<string> {
  await people.add('olga');
  await world.policy([{ environment: 'dev', gates, ...more }]);
  await world.cluster('dev-1', 'dev');
  await world.ship('1');
  const { promote } = await world.hub.graphql<{ promote: { promotion: { id: string } } }>(
    'mutation ($i: PromoteInput!) { promote(input: $i) { promotion { id } refusal { message } } }',
    { i: { application: 'shop', environment: 'dev', release: 1 } },
    people.secret('olga'),
  );
  return promote.promotion.id;
}

describe('an approval', () => {
  it('of two people other than the requester starts the promotion, whoever calls twice', async () => {
    const id = await asked([approval({ count: 2 })]);
    for (const user of ['bob', 'cleo']) await people.add(user);
    expect(await people.gates(id)).toEqual(['approval WAITING', 'freeze PASSED']);
    expect((await people.decide('approvePromotion', { id }, 'olga')).refusal).toMatchObject({
      code: 'MAY_NOT_APPROVE',
      reasons: ['approval: olga requested the promotion.'],
    });
    for (const again of ['bob', 'bob']) {
      const { promotion } = await people.decide('approvePromotion', { id, comment: 'looks fine' }, again);
      expect(promotion?.approvals).toEqual([{ gate: 'approval', approver: 'bob', valid: true }]);
    }
    expect((await people.look(id)).waitingOn).toMatchObject([
      { kind: 'APPROVAL', message: like(/1 of 2 approvals by bob/) },
    ]);
    // Another token of the same user is the same person.
    await people.add('bob');
    await people.decide('approvePromotion', { id, gate: 'approval' }, 'bob');
    expect((await people.look(id)).approvals).toHaveLength(1);
    await people.decide('approvePromotion', { id }, 'cleo');
    await world.tells('dev#1 ROLLING');
    expect(await people.gates(id)).toEqual(['approval PASSED', 'freeze PASSED']);
    expect(
      (await people.told(id)).filter(({ kind }) => kind === 'promotion.approved').map(({ actor }) => actor),
    ).toEqual(['bob', 'cleo']);
  });

  it('is refused to viewers, to a role that is not asked, and to authors of what it brings', async () => {
    const id = await asked([approval({ count: 2, roles: ['ADMIN'], notAuthor: true })]);
    await people.add('vic', 'VIEWER');
    await people.add('ada', 'ADMIN', ['ADA@example.com']);
    await people.add('bob');
    expect(await people.decide('approvePromotion', { id }, 'vic')).toEqual({ error: 'FORBIDDEN' });
    expect((await people.decide('approvePromotion', { id }, 'bob')).refusal?.reasons).toEqual([
      'approval: bob has not the role ADMIN.',
    ]);
    expect((await people.decide('approvePromotion', { id }, 'ada')).refusal?.reasons).toEqual([
      'approval: ada wrote one of its commits.',
    ]);
    expect((await people.decide('approvePromotion', { id })).promotion?.approvals).toMatchObject([
      { approver: 'admin', valid: true },
    ]);
  });

  it('does not count any more once its giver has lost the role', async () => {
    const id = await asked([approval({ count: 2 })]);
    await people.add('bob');
    await people.add('cleo');
    await people.decide('approvePromotion', { id }, 'bob');
    await people.revoke('bob');
    expect((await people.look(id)).approvals).toEqual([{ gate: 'approval', approver: 'bob', valid: false }]);
    await people.decide('approvePromotion', { id }, 'cleo');
    expect((await people.look(id)).waitingOn).toMatchObject([
      { kind: 'APPROVAL', message: like(/1 of 2 approvals by cleo/) },
    ]);
    expect(await world.story()).toEqual(['dev#1 PENDING']);
    // A new token makes bob an approver again, and with that what bob said.
    await people.add('bob');
    expect((await people.look(id)).approvals.map(({ valid }) => valid)).toEqual([true, true]);
  });

  it('expires, and a promotion that nobody approves in time expires with it', async () => {
    const id = await asked([approval({ expires: '2s' })]);
    await world.tells('dev#1 EXPIRED');
    expect((await world.find('dev', 1)).explanation.join(' ')).toMatch(
      /Gate approval has expired\. Not approved in time: 0 of 1/,
    );
    await people.add('bob');
    expect((await people.decide('approvePromotion', { id }, 'bob')).refusal?.code).toBe('ALREADY_ENDED');
  });

  it('must name its gate where several wait, and one that exists', async () => {
    const id = await asked([
      { name: 'qa', ...approval() },
      { name: 'ops', ...approval() },
    ]);
    await people.add('bob');
    expect((await people.decide('approvePromotion', { id }, 'bob')).refusal).toMatchObject({
      code: 'NAME_A_GATE',
      message: like(/qa, ops/),
    });
    expect((await people.decide('approvePromotion', { id, gate: 'security' }, 'bob')).refusal?.code).toBe(
      'NOT_AN_APPROVAL',
    );
    await people.decide('approvePromotion', { id, gate: 'ops' }, 'bob');
    expect(await people.gates(id)).toEqual(['qa WAITING', 'ops PASSED', 'freeze PASSED']);
    await people.decide('approvePromotion', { id }, 'bob');
    await world.tells('dev#1 ROLLING');
    expect((await people.decide('approvePromotion', { id }, 'bob')).refusal).toBeNull();
  });

  it('of a wave holds the wave up, not the ones before it, and may be given in advance', async () => {
    const waves = [
      { name: 'canary', count: 1 },
      { name: 'rest', approval: { count: 1 } },
    ];
    const id = await asked([], { waves });
    await people.add('bob');
    await world.cluster('dev-2', 'dev');
    await world.tells('dev#1 ROLLING');
    expect(await people.gates(id)).toContain('wave:rest WAITING');
    await people.decide('approvePromotion', { id }, 'bob');
    expect((await people.look(id)).approvals).toEqual([{ gate: 'wave:rest', approver: 'bob', valid: true }]);
    expect(await people.gates(id)).toContain('wave:rest PASSED');
  });
});

describe('an override', () => {
  it('passes over one gate of one promotion, with a reason, once, and on record', async () => {
    const id = await asked([approval()]);
    await people.add('root', 'ADMIN');
    const override = (user: string, reason = 'the pager rings', gate = 'approval') =>
      people.decide('overrideGate', { promotion: id, gate, reason }, user);
    expect((await override('olga')).refusal?.code).toBe('NEEDS_ADMIN');
    expect((await override('root', ' ')).refusal?.code).toBe('REASON_NEEDED');
    expect((await override('root', 'x', 'slot')).refusal).toMatchObject({
      code: 'NOT_OVERRIDABLE',
      message: like(/approval/),
    });
    expect((await override('root', 'x', 'hold')).refusal).toMatchObject({
      code: 'NOT_OVERRIDABLE',
      message: like(/endHold/),
    });
    expect((await override('root')).promotion?.gates).toContainEqual(
      expect.objectContaining({
        gate: 'approval',
        verdict: 'OVERRIDDEN',
        overriddenBy: 'root',
        message: expect.stringContaining('the pager rings') as string,
      }),
    );
    await override('root', 'again');
    await world.tells('dev#1 ROLLING');
    expect((await people.told(id)).filter(({ kind }) => kind === 'gate.overridden')).toMatchObject([
      { actor: 'root', message: like(/the pager rings/) },
    ]);
    expect((await people.look(id)).gates.find(({ gate }) => gate === 'approval')).toMatchObject({
      verdict: 'OVERRIDDEN',
      overriddenBy: 'root',
    });
  });
});
