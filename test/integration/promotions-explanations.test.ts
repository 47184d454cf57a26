import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { statementsOf } from './delivery-statements.ts';
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

const HOUR_MS = 3_600_000;
/** A window that is open for one hour, twelve hours from now. */
function tonight() {
  const clock = (ms: number) => new Date(Date.now() + ms).toISOString().slice(11, 16);
  return { timeZone: 'UTC', allow: [{ from: clock(12 * HOUR_MS), to: clock(13 * HOUR_MS) }] };
}

const edited: ReportedDrift = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'shop',
  episode: 'edited',
  path: 'data.version',
  type: 'MODIFIED',
  desired: '"1"',
  live: '"x"',
  masked: false,
  manager: 'kubectl-edit',
  managerClass: 'PERSON',
  firstSeenAt: new Date().toISOString(),
  healedCount: 0,
  contested: false,
};

describe('why a promotion waits', () => {
  it('names every gate that does not pass, with since and until, and the slot says the same', async () => {
    const gates = [
      { soak: { environment: 'test', duration: '1h' } },
      { approval: { count: 2 } },
      { name: 'night', window: tonight() },
      { name: 'db', dependency: { application: 'db', minRelease: 3 } },
      { check: { name: 'up', http: { url: 'http://127.0.0.1:1/' } } },
    ];
    await world.policy([{ environment: 'test' }, { environment: 'dev', gates }]);
    await world.ship('1');
    await world.promote('dev', 1);
    const { waitingOn, explanation } = await world.find('dev', 1);
    expect(waitingOn).toMatchObject([
      { kind: 'UPSTREAM', message: like(/verified in test before it may enter dev/) },
      { kind: 'SOAK', message: like(/soaks in test once it is verified there/) },
      {
        kind: 'APPROVAL',
        message: like(/0 of 2 approvals; asked of OPERATOR or ADMIN, but not of the requester/),
      },
      { kind: 'WINDOW', message: like(/opens at/), until: like(/:00\.000Z$/) },
      { kind: 'DEPENDENCY', message: like(/no application db in dev/) },
      { kind: 'CHECK', message: like(/asked once everything else has passed/) },
      { kind: 'CLUSTERS' },
    ]);
    expect(explanation.slice(1)).toEqual(waitingOn.map(({ message }) => message));
    const { slot } = await world.hub.graphql<{ slot: { waitingOn: readonly object[] } }>(
      '{ slot(application: "shop", environment: "dev") { waitingOn { kind message since until } } }',
    );
    expect(slot.waitingOn).toEqual(waitingOn);
  });

  it('changes with the release that another application has verified', async () => {
    const needs = [{ name: 'db', dependency: { application: 'db', minRelease: 2 } }];
    await world.policy([{ environment: 'dev', gates: needs }]);
    await world.hub.graphql('mutation ($i: PolicyInput!) { savePolicy(input: $i) { refusal { code } } }', {
      i: { name: 'free', steps: [{ environment: 'dev', trigger: 'AUTOMATIC' }] },
    });
    await world.cluster('dev-1', 'dev');
    const ship = async (version: string): Promise<void> => {
      world.repository.commit({
        'db/db.json': JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'db' },
          data: { version },
        }),
      });
      await world.hub.graphql(
        'mutation ($i: ApplicationInput!) { saveApplication(input: $i) { refusal { code } } }',
        {
          i: { name: 'db', policy: 'free', source: { repository: world.repository.url, path: 'db' } },
        },
      );
      await world.hub.graphql('mutation { refreshApplication(name: "db") { refusal { code } } }');
    };
    const verified = () =>
      expect.poll(
        async () => {
          await world.report('dev-1');
          const { slot } = await world.hub.graphql<{ slot: { verifiedRelease: { number: number } | null } }>(
            '{ slot(application: "db", environment: "dev") { verifiedRelease { number } } }',
          );
          return slot.verifiedRelease?.number;
        },
        { timeout: 20_000, interval: 500 },
      );
    await ship('1');
    await verified().toBe(1);
    await world.ship('1');
    await world.promote('dev', 1);
    expect((await world.find('dev', 1)).waitingOn).toMatchObject([
      {
        kind: 'DEPENDENCY',
        message: 'Release 2 of db, or a newer one, must be verified in dev; release 1 is.',
      },
    ]);
    await ship('2');
    await verified().toBe(2);
    await world.tells('dev#1 ROLLING');
  });

  it('is the turn of another one where no gate of its own stops it', async () => {
    await world.policy([{ environment: 'dev', supersede: 'IN_ORDER', gates: [{ approval: {} }] }]);
    await world.cluster('dev-1', 'dev');
    for (const version of ['1', '2']) {
      await world.ship(version);
      await world.promote('dev', Number(version));
    }
    await people.add('bob');
    await people.decide('approvePromotion', { id: (await world.find('dev', 2)).id }, 'bob');
    expect((await world.find('dev', 2)).waitingOn).toMatchObject([
      { kind: 'SLOT', message: like(/^Release 1 goes first in dev, in order\. It waits: 0 of 1 approvals/) },
    ]);
    const { slot } = await world.hub.graphql<{ slot: { explanation: readonly string[] } }>(
      '{ slot(application: "shop", environment: "dev") { explanation } }',
    );
    expect(slot.explanation).toEqual([
      'No release of shop runs in dev yet.',
      like(/^Release 1 goes first in dev/),
    ]);
    await people.decide('approvePromotion', { id: (await world.find('dev', 1)).id }, 'bob');
    await world.applies('dev-1', 1);
    await world.applies('dev-1', 2);
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED');
  });

  it('is drift until it is healed, and not what was accepted', async () => {
    await world.policy([{ environment: 'dev', gates: [{ driftFree: true }] }]);
    await world.cluster('dev-1', 'dev');
    await world.ship('1');
    await world.promote('dev', 1);
    await world.applies('dev-1', 1);
    await world.tells('dev#1 SUCCEEDED');
    await world.report('dev-1', {}, [edited]);
    await world.ship('2');
    await world.promote('dev', 2);
    await world.waitsFor('dev', 2, 'DRIFT');
    expect((await world.find('dev', 2)).waitingOn).toMatchObject([
      { kind: 'DRIFT', message: like(/On 1 cluster of dev objects have drifted: heal or accept/) },
    ]);
    // The report that tells of its end is what lets it start: the clock would come a minute later.
    await world.report('dev-1', {}, [{ ...edited, excepted: 'accepted' }]);
    await world.tells('dev#1 SUCCEEDED', 'dev#2 ROLLING');
    await world.applies('dev-1', 2);
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED');
    await world.report('dev-1', {}, [{ ...edited, episode: 'another' }]);
    await world.ship('3');
    await world.promote('dev', 3);
    await world.waitsFor('dev', 3, 'DRIFT');
    await world.report('dev-1');
    await world.tells('dev#1 SUCCEEDED', 'dev#2 SUCCEEDED', 'dev#3 ROLLING');
  });

  it('costs as many statements for many promotions as for one', async () => {
    const gates = [{ approval: {} }, { driftFree: true }, { name: 'night', window: tonight() }];
    await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC', supersede: 'IN_ORDER', gates }]);
    await world.cluster('dev-1', 'dev');
    const pending: string[] = [];
    for (const version of ['1', '2', '3', '4']) {
      await world.ship(version);
      pending.push(`dev#${version} PENDING`);
      await world.tells(...pending);
    }
    await people.add('bob');
    await people.decide('approvePromotion', { id: (await world.find('dev', 4)).id }, 'bob');
    const cost = async (first: number): Promise<number> => {
      const ask = () =>
        world.hub.graphql(
          'query ($first: Int) { promotions(first: $first) { nodes { id explanation waitingOn { kind } gates { gate } approvals { gate valid } } } }',
          { first },
        );
      // The hub's own looks may come in between; the cheapest of some tries is what the question costs.
      const tries: number[] = [];
      for (let count = 0; count < 5; count += 1)
        tries.push((await statementsOf(ask, /^\s*(select|with)\b/)).length);
      return Math.min(...tries);
    };
    const one = await cost(1);
    expect(one).toBeGreaterThan(5);
    expect(await cost(4)).toBeLessThan(one + 3);
  });
});
