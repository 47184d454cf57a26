import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { statementsOf } from './delivery-statements.ts';
import { ended, reported } from './drift-fixture.ts';
import { ago, startDriftHub, type DriftHub, type ItemPage } from './drift-hub.ts';

let drift: DriftHub;
let hub: DriftHub['hub'];
let items: DriftHub['items'];
let paths: DriftHub['paths'];

beforeAll(async () => {
  drift = await startDriftHub();
  ({ hub, items, paths } = drift);
});
afterAll(() => drift.stop());

const bundleOf = (replicas: number) =>
  `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":${replicas}}}\n`;

describe('driftItems', () => {
  it.each<[string, object, readonly string[]]>([
    ['an application', { application: 'shop' }, ['data.key', 'spec.paused', 'spec.replicas']],
    ['an environment that is not', { environment: 'none' }, []],
    ['a cluster', { cluster: 'us-1' }, ['spec.replicas']],
    ['a selector', { selector: 'region=eu,env=dev' }, ['data.key', 'spec.paused', 'spec.replicas']],
    [
      'a selector and a kind',
      { selector: '!nothing,region!=us', objectKind: 'Deployment' },
      ['spec.paused', 'spec.replicas'],
    ],
    ['a type', { type: ['EXTRA', 'MISSING'] }, ['spec.replicas']],
    ['a namespace and a name', { namespace: 'shop', name: 'settings' }, ['data.key']],
    ['a path', { path: 'spec.replicas' }, ['spec.replicas', 'spec.replicas']],
    ['a manager', { manager: 'helm' }, ['spec.paused']],
    ['a sort of manager', { managerClass: ['PERSON'], application: 'shop' }, ['data.key', 'spec.replicas']],
    ['a fight', { contested: true }, ['spec.paused']],
    ['nothing accepted', { excepted: true }, []],
    ['since', { since: ago(25) }, ['data.key', 'spec.replicas']],
    ['older than', { olderThan: '25m', application: 'shop' }, ['spec.paused', 'spec.replicas']],
  ])('are found by %s', async (_what, filter, expected) => {
    expect(await paths(filter)).toEqual(expected);
  });

  it('are paged by cursor in both orders, without a hole and without a double', async () => {
    const walk = async (orderBy: string): Promise<string[]> => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: ItemPage = await items({}, { first: 1, after, orderBy });
        seen.push(...page.nodes.map(({ id }) => id));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      return seen;
    };
    const newest = await walk('NEWEST');
    expect(new Set(newest).size).toBe(4);
    expect(await walk('OLDEST')).toEqual(newest.toReversed());
  });

  it('name who did it, where, and say that a cluster that is away is stale', async () => {
    await drift.fleet.sql(`update cluster_rollup set last_seen_at = now() - interval '1 hour'
      where cluster_id = (select id from cluster where name = 'us-1')`);
    const { nodes } = await items({ application: 'blog' });
    expect(nodes).toMatchObject([
      {
        manager: 'kubectl-edit',
        managerClass: 'PERSON',
        stale: true,
        instance: { cluster: { name: 'us-1' } },
      },
    ]);
    expect((await items({ cluster: 'eu-1' })).nodes.every(({ stale }) => !stale)).toBe(true);
  });

  it('cost as many statements for many as for one', async () => {
    const count = async (first: number) => (await statementsOf(() => items({}, { first }))).length;
    expect(await count(4)).toBe(await count(1));
  });

  it('are listed by their instance, which counts them', async () => {
    const { instance, fleet: summary } = await hub.graphql<{
      instance: { driftCount: number; driftItems: { nodes: readonly { path: string }[] } };
      fleet: { drifted: number; driftItems: number };
    }>(`{ instance(application: "shop", environment: "dev", cluster: "eu-1") { driftCount driftItems(first: 5) { nodes { path } } }
          fleet(filter: { application: "shop" }) { drifted driftItems } }`);
    expect(instance.driftItems.nodes.map(({ path }) => path)).toEqual(['spec.paused', 'spec.replicas']);
    expect(instance.driftCount).toBe(2);
    expect(summary).toEqual({ drifted: 2, driftItems: 3 });
  });
});

describe('driftFacets', () => {
  it('count by each dimension, the largest first, and only what the filter names', async () => {
    const { driftFacets } = await hub.graphql<{ driftFacets: readonly Record<string, unknown>[] }>(
      `{ driftFacets(filter: { selector: "env=dev" }, by: [APPLICATION, OBJECT_KIND, CLUSTER, MANAGER_CLASS], top: 2) {
           by value items instances clusters } }`,
    );
    expect(driftFacets.filter(({ by }) => by === 'APPLICATION')).toEqual([
      { by: 'APPLICATION', value: 'shop', items: 3, instances: 2, clusters: 2 },
      { by: 'APPLICATION', value: 'blog', items: 1, instances: 1, clusters: 1 },
    ]);
    expect(driftFacets.filter(({ by }) => by === 'CLUSTER').map(({ value }) => value)).toEqual([
      'eu-1',
      'eu-2',
    ]);
    expect(driftFacets.filter(({ by }) => by === 'MANAGER_CLASS')).toEqual([
      { by: 'MANAGER_CLASS', value: 'PERSON', items: 3, instances: 3, clusters: 3 },
      { by: 'MANAGER_CLASS', value: 'GITOPS', items: 1, instances: 1, clusters: 1 },
    ]);
  });

  it('name the limit of top', async () => {
    const { errors } = await hub.answer('{ driftFacets(by: [TYPE], top: 1000) { value } }');
    expect(errors?.[0]?.message).toContain('1 to 100');
  });
});

describe('history', () => {
  it('lists what is and what was, and tells who does it again and again and how long healing takes', async () => {
    const from = ago(60 * 24);
    const again = Array.from({ length: 4 }, (_, index) =>
      ended(reported({ path: 'spec.strategy', manager: 'cron', firstSeenAt: ago(index + 1) })),
    );
    const { driftItems } = await hub.graphql<{ driftItems: { nodes: readonly { id: string }[] } }>(
      `{ driftItems(filter: { cluster: "eu-2" }) { nodes { id } } }`,
    );
    const open = reported({ path: 'data.key', kind: 'ConfigMap', name: 'settings', firstSeenAt: ago(20) });
    await drift.report('eu-2', 'shop', [open, ...again]);
    const answer = await hub.graphql<{
      driftEpisodes: { nodes: readonly { id: string; path: string; closedBy: string | null }[] };
      driftOffenders: readonly Record<string, unknown>[];
      driftMetrics: { healed: number; open: number; reverted: number; healTime: { mean: string } };
    }>(
      `query ($from: DateTime!, $to: DateTime!) {
         driftEpisodes(filter: { cluster: "eu-2" }, from: $from, first: 10) { nodes { id path closedBy } }
         driftOffenders(filter: { application: "shop" }, from: $from, to: $to, top: 1) { manager objectKind path episodes clusters healed medianOpen }
         driftMetrics(filter: { cluster: "eu-2" }, from: $from, to: $to) { healed open reverted healTime { mean p50 p95 } } }`,
      { from, to: new Date().toISOString() },
    );
    const ends = Map.groupBy(answer.driftEpisodes.nodes, ({ closedBy }) => closedBy);
    expect([ends.get('HEALED')?.length, ends.get(null)?.length]).toEqual([4, 1]);
    expect(ends.get('REVERTED')?.map(({ id }) => id)).toEqual(driftItems.nodes.map(({ id }) => id));
    expect(answer.driftOffenders).toMatchObject([
      {
        manager: 'cron',
        objectKind: 'Deployment',
        path: 'spec.strategy',
        episodes: 4,
        clusters: 1,
        healed: 4,
      },
    ]);
    expect(answer.driftMetrics).toMatchObject({ healed: 4, open: 1, reverted: 1 });
    expect(answer.driftMetrics.healTime.mean).toMatch(/^\d+(ms|s|m)$/);
  });
});

describe('compareClusters', () => {
  it('tells what was rendered otherwise and what drifted', async () => {
    for (const [name, replicas] of [
      ['eu-1', 2],
      ['eu-2', 5],
    ] as const) {
      const text = bundleOf(replicas);
      const digest = createHash('sha256').update(text).digest('hex');
      await drift.fleet.sql(`insert into bundle (digest, content, objects, bytes) values ($1, $2, 1, $3)`, [
        digest,
        gzipSync(text),
        text.length,
      ]);
      await drift.fleet.sql(
        `update instance set bundle_digest = $1 where application_name = 'shop'
            and cluster_id = (select id from cluster where name = $2)`,
        [digest, name],
      );
    }
    const { compareClusters } = await hub.graphql<{
      compareClusters: {
        nodes: readonly { path: string; a: string; b: string }[];
        pageInfo: { hasNextPage: boolean };
      };
    }>(`{ compareClusters(application: "shop", environment: "dev", a: "eu-1", b: "eu-2", first: 10) {
           nodes { object { kind name } path a b } pageInfo { hasNextPage } } }`);
    const found = compareClusters.nodes.map(({ path, a, b }) => [path, a, b]);
    expect(found).toContainEqual(['spec.replicas', '1', '5']);
    expect(found).toContainEqual(['spec.paused', '1', null]);
    expect(found).toContainEqual([null, null, '"present"']);
  });

  it('says which of the two is not there', async () => {
    const { errors } = await hub.answer(
      '{ compareClusters(application: "shop", environment: "dev", a: "eu-1", b: "nowhere") { nodes { path } } }',
    );
    expect(errors?.[0]?.message).toContain('shop/dev/nowhere');
  });
});

describe('driftChanged', () => {
  it('tells what opens and what ends, and only what was asked for', async () => {
    const changes = await hub.subscribe<{
      driftChanged: {
        opened: readonly { path: string; instance: { cluster: { name: string } } }[];
        closed: readonly { path: string; closedBy: string }[];
      };
    }>(`subscription { driftChanged(filter: { cluster: "eu-2", path: "spec.new" }) {
          opened { path instance { cluster { name } } } closed { path closedBy } } }`);
    const difference = reported({ path: 'spec.new' });
    await drift.report('us-1', 'blog', [reported({ path: 'spec.new' })]);
    await drift.report('eu-2', 'shop', [difference]);
    expect((await changes.next()).driftChanged).toEqual({
      opened: [{ path: 'spec.new', instance: { cluster: { name: 'eu-2' } } }],
      closed: [],
    });
    await drift.report('eu-2', 'shop', [ended(difference)]);
    expect((await changes.next()).driftChanged.closed).toEqual([{ path: 'spec.new', closedBy: 'HEALED' }]);
    changes.stop();
  });
});

describe('/metrics', () => {
  it('counts open drift by application and environment, its age, and what was healed', async () => {
    const text = await (await fetch(`${hub.url.replace(/\/graphql$/, '')}/metrics`)).text();
    expect(text).toMatch(/fairlead_drift_items\{application="shop",environment="dev"\} \d+/);
    expect(text).toMatch(/fairlead_drift_oldest_seconds\{application="shop",environment="dev"\} 1\d{4}/);
    expect(text).toMatch(/fairlead_drift_opened_total [1-9]/);
    expect(text).toMatch(/fairlead_drift_healed_total [1-9]/);
    expect(text).toMatch(/fairlead_drift_contested_total [1-9]/);
  });

  it('tells no age of what a person accepted', async () => {
    await hub.graphql(
      'mutation ($input: DriftExceptionInput!) { acceptDrift(input: $input) { exception { id } } }',
      {
        input: {
          filter: { application: 'shop', path: 'spec.replicas' },
          reason: 'a load test',
          until: new Date(Date.now() + 3_600_000).toISOString(),
        },
      },
    );
    const metrics = async () => await (await fetch(`${hub.url.replace(/\/graphql$/, '')}/metrics`)).text();
    await until('the younger one to be the oldest', async () =>
      /fairlead_drift_oldest_seconds\{application="shop",environment="dev"\} [1-9]\d{0,3}(\.|\n)/.test(
        await metrics(),
      ),
    );
  });
});
