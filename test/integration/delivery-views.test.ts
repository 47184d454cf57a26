import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { statementsOf } from './delivery-statements.ts';
import { DeliveryWorld } from './delivery-world.ts';

let world: DeliveryWorld;

beforeAll(async () => {
  world = await DeliveryWorld.start();
  await world.assign('shop', 2, ['a', 'b']);
  await world.assign('blog', 1, ['a']);
});
afterAll(() => world?.stop());

describe('what people see', () => {
  const summary =
    'instances drifted stale sync { synced outOfSync failed unknown } health { healthy degraded unknown }';

  it('is an instance with everything that belongs to it', async () => {
    await world.assign('shop', 3, ['a', 'b']);
    expect((await world.report('b')).verdicts).toEqual(['ACCEPTED']);
    const { instance } = await world.hub.graphql<{ instance: Record<string, unknown> }>(
      `{ instance(application: "shop", environment: "dev", cluster: "b") { id sync health message driftCount generation stale
          application { name } environment { name } cluster { name connectionState } desiredRelease { number }
          observedRelease { number } objects { nodes { message } } pendingPrune { nodes { name } } } }`,
    );
    expect(instance).toMatchObject({
      sync: 'SYNCED',
      health: 'HEALTHY',
      message: null,
      stale: false,
      application: { name: 'shop' },
      environment: { name: 'dev' },
      cluster: { name: 'b', connectionState: 'ONLINE' },
      desiredRelease: { number: 3 },
      observedRelease: { number: 3 },
    });
  });

  it('is chosen by filters that combine', async () => {
    await world.report('a', { health: 'DEGRADED', driftCount: 1 });
    const names = async (filter: object) => {
      const { instances } = await world.hub.graphql<{
        instances: { nodes: { application: { name: string }; cluster: { name: string } }[] };
      }>(
        `query ($filter: InstanceFilter) { instances(filter: $filter) { nodes { application { name } cluster { name } } } }`,
        { filter },
      );
      return instances.nodes.map(({ application, cluster }) => `${application.name}/${cluster.name}`).sort();
    };
    expect(await names({})).toEqual(['blog/a', 'blog/b', 'shop/a', 'shop/b']);
    expect(await names({ application: 'shop', cluster: 'a' })).toEqual(['shop/a']);
    expect(await names({ health: ['DEGRADED'] })).toEqual(['blog/a', 'shop/a']);
    expect(await names({ environment: 'dev', drifted: false })).toEqual(['blog/b', 'shop/b']);
    expect(await names({ sync: ['UNKNOWN'] })).toEqual(['blog/b']);
    expect(await names({ notOnRelease: 3, application: 'shop' })).toEqual([]);
    expect(await names({ notOnRelease: 2, application: 'shop', selector: 'env=dev,!edge' })).toEqual([
      'shop/a',
      'shop/b',
    ]);
    expect(await names({ selector: 'env!=dev' })).toEqual([]);
    expect(await names({ stale: true })).toEqual([]);
    expect(await names({ application: 'nobody' })).toEqual([]);
  });

  it('is counted alike wherever it is counted', async () => {
    await world.fleet.sql(
      'insert into slot (application_id, environment_id) values ($1, $2) on conflict do nothing',
      [world.seeded.applicationIds.get('shop'), world.seeded.environmentIds.get('dev')],
    );
    const counted = await world.hub.graphql<Record<string, unknown>>(
      `{ slot(application: "shop", environment: "dev") { summary { ${summary} } } all: fleet { ${summary} } shop: fleet(filter: { application: "shop" }) { ${summary} }
         onA: fleet(filter: { cluster: "a" }) { ${summary} } prodOnly: fleet(filter: { selector: "env=prod" }) { instances }
         degraded: fleet(filter: { health: [DEGRADED] }) { instances drifted }
         application(name: "shop") { summary { ${summary} } } cluster(name: "a") { summary { ${summary} } instances { nodes { id } } }
         environment(name: "dev") { summary { ${summary} } } }`,
    );
    expect(counted).toMatchObject({
      all: {
        instances: 4,
        drifted: 2,
        stale: 0,
        sync: { synced: 3, unknown: 1 },
        health: { healthy: 1, degraded: 2, unknown: 1 },
      },
      shop: { instances: 2, sync: { synced: 2 }, health: { healthy: 1, degraded: 1 } },
      prodOnly: { instances: 0 },
      degraded: { instances: 2, drifted: 2 },
    });
    expect(counted['application']).toEqual({ summary: counted['shop'] });
    expect(counted['slot']).toEqual({ summary: counted['shop'] });
    expect(counted['environment']).toEqual({ summary: counted['all'] });
    expect(counted['cluster']).toMatchObject({ summary: counted['onA'] });
  });

  it('costs the same number of statements for one as for many', async () => {
    const query = `query ($first: Int!) { instances(first: $first) { nodes { id application { name summary { instances } }
      environment { name summary { stale } } cluster { name summary { instances } } desiredRelease { number } observedRelease { number } } } }`;
    const one = await statementsOf(() => world.hub.graphql(query, { first: 1 }));
    const all = await statementsOf(() => world.hub.graphql(query, { first: 50 }));
    expect(one.length).toBeGreaterThan(5);
    expect(all.length).toBe(one.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is stale as soon as its cluster is silent', async () => {
    await world.fleet.sql(
      `update cluster_rollup set last_seen_at = now() - interval '1 hour' where cluster_id = $1`,
      [world.seeded.clusterIds.get('b')],
    );
    const counted = await world.hub.graphql<Record<string, unknown>>(
      `{ all: fleet { stale } shop: fleet(filter: { application: "shop" }) { stale } mixed: fleet(filter: { sync: [SYNCED] }) { stale }
         application(name: "shop") { summary { stale } } environment(name: "dev") { summary { stale } }
         instance(application: "shop", environment: "dev", cluster: "b") { stale sync } }`,
    );
    expect(counted).toMatchObject({
      all: { stale: 2 },
      shop: { stale: 1 },
      mixed: { stale: 1 },
      application: { summary: { stale: 1 } },
      environment: { summary: { stale: 2 } },
      instance: { stale: true, sync: 'SYNCED' },
    });
  });

  it('is told to subscribers whose filter it matches', async () => {
    const changes = await world.hub.subscribe<{
      instanceChanged: { health: string; cluster: { name: string } };
    }>('subscription { instanceChanged(filter: { application: "shop" }) { health cluster { name } } }');
    await world.report('b', { health: 'PROGRESSING' });
    await world.report('a', { health: 'SUSPENDED' });
    const seen = [await changes.next(), await changes.next()].map(({ instanceChanged }) => instanceChanged);
    expect(seen).toEqual(
      expect.arrayContaining([
        { health: 'PROGRESSING', cluster: { name: 'b' } },
        { health: 'SUSPENDED', cluster: { name: 'a' } },
      ]),
    );
    changes.stop();
  });

  it('can be approved where the prune guard holds something back', async () => {
    const held = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'old' };
    await world.report('b', { sync: 'OUT_OF_SYNC', pendingPrune: [held] });
    const query = `{ instance(application: "shop", environment: "dev", cluster: "b") { id generation pendingPrune { nodes { kind namespace name } } } }`;
    const { instance } = await world.hub.graphql<{
      instance: { id: string; generation: number; pendingPrune: { nodes: unknown[] } };
    }>(query);
    expect(instance.pendingPrune.nodes).toEqual([{ kind: 'ConfigMap', namespace: 'shop', name: 'old' }]);
    const approve = `mutation ($id: ID!, $generation: Int!) { approvePrune(instance: $id, generation: $generation, reason: "looked") {
      instance { generation pendingPrune { nodes { name } } } refusal { code } } }`;
    const variables = { id: instance.id, generation: instance.generation };
    expect(await world.hub.graphql(approve, variables)).toMatchObject({
      approvePrune: {
        instance: { generation: instance.generation + 1, pendingPrune: { nodes: [] } },
        refusal: null,
      },
    });
    expect(await world.hub.graphql(approve, variables)).toMatchObject({
      approvePrune: { instance: null, refusal: { code: 'NOTHING_TO_APPROVE' } },
    });
    const assigned = await until('the approval to reach the agent', async () =>
      (await world.ask('b', { since: instance.generation })).assignments.find(
        ({ approvedPrune }) => approvedPrune !== null,
      ),
    );
    expect(assigned.approvedPrune).toBe(assigned.generation);
  });
});
