import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';
import {
  assignRelease,
  reportOf,
  seedFleet,
  startFleet,
  type Fleet,
  type SeededFleet,
} from './delivery-fixture.ts';
import { statementsOf } from './delivery-statements.ts';
import { ended, reported } from './drift-fixture.ts';

interface Assigned {
  readonly instance: string;
  readonly application: string;
  readonly bundle: string;
  readonly generation: number;
  readonly syncPolicy: {
    readonly extraObjects: boolean;
    readonly exceptions: readonly {
      readonly id: string;
      readonly path: string | null;
      readonly until: string;
    }[];
  };
}

interface Pulled {
  readonly assignments: readonly Assigned[];
  readonly instructions: readonly { readonly id: string; readonly kind: string; readonly payload: unknown }[];
}

const clusters = ['eu-1', 'eu-2', 'us-1'] as const;
type ClusterName = (typeof clusters)[number];

let hub: TestHub;
let fleet: Fleet;
let seeded: SeededFleet;
const agents = new Map<string, Agent>();
let sequence = 0;

const agentNamed = (name: ClusterName): Agent => agents.get(name)!;
const pull = async (name: ClusterName): Promise<Pulled> => {
  const { assignments } = await hub.graphql<{ assignments: Pulled }>(
    `{ assignments(since: 0, first: 50) {
         assignments { instance application bundle generation syncPolicy { extraObjects exceptions { id path until } } }
         instructions { id kind payload } } }`,
    {},
    agentNamed(name).credential,
  );
  return assignments;
};
const report = async (
  name: ClusterName,
  application: string,
  drift: readonly ReportedDrift[],
): Promise<void> => {
  const { assignments } = await pull(name);
  const each = assignments.find((assigned) => assigned.application === application)!;
  const row = { tracking_id: each.instance, generation: BigInt(each.generation), bundle_digest: each.bundle };
  const driftCount = drift.filter(({ closedAt, excepted }) => !closedAt && !excepted).length;
  const { drift: _none, ...rest } = reportOf(row, { driftCount });
  sequence += 1;
  const batch = {
    session: agentNamed(name).session,
    sequence,
    sentAt: new Date().toISOString(),
    instances: [{ ...rest, drift, contentHash: `${rest.contentHash}${sequence}` }],
  };
  await hub.graphql(
    'mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts } }',
    { batch },
    agentNamed(name).credential,
  );
};

interface Item {
  readonly id: string;
  readonly path: string | null;
  readonly manager: string | null;
  readonly managerClass: string;
  readonly stale: boolean;
  readonly object: { readonly kind: string; readonly name: string };
  readonly exception: { readonly id: string; readonly reason: string } | null;
  readonly instance: {
    readonly application: { readonly name: string };
    readonly cluster: { readonly name: string };
  };
}

interface ItemPage {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const itemFields = `id path manager managerClass stale object { kind name } exception { id reason }
  instance { application { name } cluster { name } }`;
const items = async (filter: object = {}, page: object = {}): Promise<ItemPage> => {
  const { driftItems } = await hub.graphql<{ driftItems: ItemPage }>(
    `query ($filter: DriftFilter, $first: Int, $after: String, $orderBy: DriftOrder) {
       driftItems(filter: $filter, first: $first, after: $after, orderBy: $orderBy) {
         nodes { ${itemFields} } pageInfo { hasNextPage endCursor } } }`,
    { filter, ...page },
  );
  return driftItems;
};
const paths = async (filter: object) => (await items(filter)).nodes.map(({ path }) => path).toSorted(byText);
const byText = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '');
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const bundleOf = (replicas: number) =>
  `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":${replicas}}}\n`;

beforeAll(async () => {
  hub = await startTestHub();
  fleet = await startFleet(hub.databaseUrl);
  const base = await seedFleet(fleet, {
    clusters: {},
    environments: ['dev'],
    applications: ['shop', 'blog'],
  });
  for (const name of clusters) agents.set(name, await joinAgent(hub, name));
  const rows = await fleet.sql<{ id: bigint; name: string }>('select id, name from cluster');
  seeded = { ...base, clusterIds: new Map(rows.map(({ id, name }) => [name, id])) };
  for (const name of clusters) {
    await fleet.sql(
      `update cluster set labels = labels || jsonb_build_object('region', $2::text),
              label_kv = label_kv || array['region', 'region=' || $2] where name = $1`,
      [name, name.slice(0, 2)],
    );
  }
  await fleet.follow({
    applicationIds: [...seeded.applicationIds.values()],
    environmentIds: [...seeded.environmentIds.values()],
  });
  for (const application of ['shop', 'blog']) {
    await assignRelease(fleet, seeded, {
      application,
      environment: 'dev',
      number: 1,
      clusters: [...clusters],
    });
  }
  await report('eu-1', 'shop', [
    reported({ path: 'spec.replicas', firstSeenAt: ago(300) }),
    reported({
      path: 'spec.paused',
      manager: 'helm',
      managerClass: 'GITOPS',
      firstSeenAt: ago(30),
      contested: true,
    }),
  ]);
  await report('eu-2', 'shop', [
    reported({ path: 'data.key', kind: 'ConfigMap', name: 'settings', firstSeenAt: ago(20) }),
  ]);
  await report('us-1', 'blog', [
    reported({ path: 'spec.replicas', name: 'blog', type: 'EXTRA', firstSeenAt: ago(10) }),
  ]);
});
afterAll(async () => {
  await fleet.stop();
  await hub.stop();
});

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
    await fleet.sql(`update cluster_rollup set last_seen_at = now() - interval '1 hour'
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
    await report('eu-2', 'shop', [open, ...again]);
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
      await fleet.sql(`insert into bundle (digest, content, objects, bytes) values ($1, $2, 1, $3)`, [
        digest,
        gzipSync(text),
        text.length,
      ]);
      await fleet.sql(
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

describe('accepted drift', () => {
  const accept = (input: object, token?: string) =>
    hub.answer<{ acceptDrift: { exception: { id: string } | null; refusal: { code: string } | null } }>(
      'mutation ($input: DriftExceptionInput!) { acceptDrift(input: $input) { exception { id } refusal { code } } }',
      { input },
      token,
    );
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const exceptionsOf = async (name: ClusterName, application: string) =>
    (await pull(name)).assignments.find((each) => each.application === application)!.syncPolicy.exceptions;

  it('is noted on its items at once, and told to the agents of the instances that it concerns', async () => {
    const before = (await pull('eu-1')).assignments.find(({ application }) => application === 'shop')!;
    const { data } = await accept({
      filter: { application: 'shop', selector: 'region=eu', path: 'spec.replicas' },
      reason: 'load test',
      until: inAnHour(),
    });
    const id = data!.acceptDrift.exception!.id;
    const { nodes } = await items({ excepted: true });
    expect(nodes).toMatchObject([{ path: 'spec.replicas', exception: { id, reason: 'load test' } }]);
    await until('the agent to be told', async () => (await exceptionsOf('eu-1', 'shop')).length === 1);
    expect(await exceptionsOf('eu-1', 'shop')).toMatchObject([{ id, path: 'spec.replicas' }]);
    expect(await exceptionsOf('us-1', 'shop')).toEqual([]);
    expect(await exceptionsOf('eu-1', 'blog')).toEqual([]);
    const after = (await pull('eu-1')).assignments.find(({ application }) => application === 'shop')!;
    expect(after.generation).toBeGreaterThan(before.generation);
  });

  it('concerns a cluster from when its labels match, and no longer than they do', async () => {
    await hub.graphql(
      'mutation { setClusterLabels(name: "us-1", labels: { env: "dev", region: "eu" }) { cluster { name } refusal { message } } }',
    );
    await until('the exception to come', async () => (await exceptionsOf('us-1', 'shop')).length === 1);
    await hub.graphql(
      'mutation { setClusterLabels(name: "us-1", labels: { env: "dev", region: "us" }) { cluster { name } } }',
    );
    await until('the exception to go', async () => (await exceptionsOf('us-1', 'shop')).length === 0);
  });

  it('is drift again once a person ends the exception, and cannot be ended twice', async () => {
    const { driftExceptions } = await hub.graphql<{ driftExceptions: { nodes: readonly { id: string }[] } }>(
      '{ driftExceptions(active: true) { nodes { id reason until createdBy selector path } } }',
    );
    const [{ id }] = driftExceptions.nodes as [{ id: string }];
    const end = () =>
      hub.graphql<{
        endDriftException: { exception: { endedAt: string } | null; refusal: { code: string } | null };
      }>('mutation ($id: ID!) { endDriftException(id: $id) { exception { endedAt } refusal { code } } }', {
        id,
      });
    expect((await end()).endDriftException.exception?.endedAt).toEqual(expect.any(String));
    expect(await paths({ excepted: true })).toEqual([]);
    await until('the agent to be told', async () => (await exceptionsOf('eu-1', 'shop')).length === 0);
    expect((await end()).endDriftException.refusal?.code).toBe('EXCEPTION_ENDED');
  });

  it('is drift again by itself when its time is over', async () => {
    await accept({
      filter: { application: 'shop', path: 'spec.paused' },
      reason: 'a moment',
      until: new Date(Date.now() + 400).toISOString(),
    });
    expect(await paths({ excepted: true })).toEqual(['spec.paused']);
    await until('the exception to expire', async () => (await paths({ excepted: true })).length === 0);
    await until('the agent to be told', async () => (await exceptionsOf('eu-1', 'shop')).length === 0);
    const { activity } = await hub.graphql<{ activity: { nodes: readonly { message: string }[] } }>(
      '{ activity(filter: { kind: ["drift.exception-expired"] }) { nodes { message } } }',
    );
    expect(activity.nodes[0]?.message).toContain('spec.paused of shop');
  });

  it('is refused with every problem at once', async () => {
    const { errors } = await accept({ filter: { application: 'none' }, reason: '', until: ago(1) });
    const message = errors?.[0]?.message ?? '';
    for (const part of ['reason', 'until', 'application "none" does not exist'])
      expect(message).toContain(part);
    const narrow = await accept({ filter: { contested: true }, reason: 'r', until: inAnHour() });
    expect(narrow.errors?.[0]?.message).toContain('filter.contested');
  });

  it('is nothing that a viewer decides', async () => {
    const { createApiToken } = await hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "v", user: "v", role: VIEWER }) { secret } }',
    );
    const { errors } = await accept(
      { filter: { application: 'shop' }, reason: 'r', until: inAnHour() },
      createApiToken.secret,
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('healDrift', () => {
  const heal = (filter: object) =>
    hub.answer<{ healDrift: { instances: number | null } }>(
      'mutation ($filter: DriftFilter!) { healDrift(filter: $filter) { instances refusal { code } } }',
      { filter },
    );

  it('tells the agents of the instances that have such drift, once', async () => {
    const { data } = await heal({ application: 'shop', path: 'spec.replicas', selector: 'region=eu' });
    expect(data?.healDrift.instances).toBe(1);
    expect((await pull('eu-1')).instructions).toMatchObject([
      { kind: 'heal', payload: { path: 'spec.replicas' } },
    ]);
    expect((await pull('eu-2')).instructions).toEqual([]);
  });

  it('does not heal the whole fleet for want of a word', async () => {
    expect((await heal({})).errors?.[0]?.message).toContain('names nothing');
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
    await report('us-1', 'blog', [reported({ path: 'spec.new' })]);
    await report('eu-2', 'shop', [difference]);
    expect((await changes.next()).driftChanged).toEqual({
      opened: [{ path: 'spec.new', instance: { cluster: { name: 'eu-2' } } }],
      closed: [],
    });
    await report('eu-2', 'shop', [ended(difference)]);
    expect((await changes.next()).driftChanged.closed).toEqual([{ path: 'spec.new', closedBy: 'HEALED' }]);
    changes.stop();
  });
});

describe('/metrics', () => {
  it('counts open drift by application and environment, its age, and what was healed', async () => {
    const text = await (await fetch(`${hub.url.replace(/\/graphql$/, '')}/metrics`)).text();
    expect(text).toMatch(/fairlead_drift_items\{application="shop",environment="dev"\} \d+/);
    expect(text).toMatch(/fairlead_drift_oldest_seconds\{application="shop",environment="dev"\} 1\d{4}/);
    expect(text).toMatch(/fairlead_drift_healed_total [1-9]/);
  });
});
