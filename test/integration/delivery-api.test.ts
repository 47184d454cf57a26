import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignmentsText } from '@fairlead/protocol/assignments-digest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';
import { statementsOf } from './delivery-statements.ts';
import {
  assignRelease,
  reportOf,
  seedFleet,
  startFleet,
  type Fleet,
  type SeededFleet,
} from './delivery-fixture.ts';

interface AssignmentsAnswer {
  readonly assignments: {
    readonly generation: number;
    readonly epoch: string;
    readonly complete: boolean;
    readonly assignments: readonly {
      readonly instance: string;
      readonly application: string;
      readonly bundle: string;
      readonly generation: number;
      readonly namespace: string;
      readonly tombstone: string | null;
      readonly approvedPrune: number | null;
      readonly syncPolicy: { readonly drift: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const assignmentsQuery = `query ($since: Int!, $epoch: String, $first: Int!, $after: String) {
  assignments(since: $since, epoch: $epoch, first: $first, after: $after) {
    generation epoch complete pageInfo { hasNextPage endCursor }
    assignments { instance application bundle generation namespace serviceAccountName tombstone approvedPrune syncPolicy { drift } } } }`;
const reportMutation = `mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts nextReportMs } }`;

let hub: TestHub;
let fleet: Fleet;
let seeded: SeededFleet;
const agents = new Map<string, Agent>();
const bundleText = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n';
const bundleDigest = createHash('sha256').update(bundleText).digest('hex');

const agent = (name: string): Agent => agents.get(name)!;
const ask = (name: string, variables: object) =>
  hub
    .graphql<AssignmentsAnswer>(
      assignmentsQuery,
      { since: 0, first: 50, ...variables },
      agent(name).credential,
    )
    .then((answer) => answer.assignments);
let sequence = 0;
const report = async (name: string, change: Parameters<typeof reportOf>[1] = {}) => {
  const { assignments } = await ask(name, {});
  const instances = assignments.map((each) =>
    reportOf(
      { tracking_id: each.instance, generation: BigInt(each.generation), bundle_digest: each.bundle },
      change,
    ),
  );
  sequence += 1;
  const batch = { session: agent(name).session, sequence, instances };
  const answer = await hub.graphql<{ reportInstances: { verdicts: string[]; nextReportMs: number } }>(
    reportMutation,
    { batch },
    agent(name).credential,
  );
  return answer.reportInstances;
};
const assign = (number: number, clusters: readonly string[]) =>
  assignRelease(fleet, seeded, { application: 'shop', environment: 'dev', number, clusters });

beforeAll(async () => {
  hub = await startTestHub();
  fleet = await startFleet(hub.databaseUrl);
  for (const name of ['a', 'b']) agents.set(name, await joinAgent(hub, name));
  const clusters = await fleet.sql<{ id: bigint; name: string }>('select id, name from cluster');
  const made = await seedFleet(fleet, {
    clusters: {},
    environments: ['dev'],
    applications: ['shop', 'blog'],
  });
  seeded = { ...made, clusterIds: new Map(clusters.map(({ id, name }) => [name, id])) };
  await fleet.follow({
    environmentIds: [...seeded.environmentIds.values()],
    applicationIds: [...seeded.applicationIds.values()],
  });
  await fleet.sql('insert into bundle (digest, content, objects, bytes) values ($1, $2, 1, $3)', [
    bundleDigest,
    gzipSync(bundleText),
    bundleText.length,
  ]);
});
afterAll(async () => {
  await fleet?.stop();
  await hub?.stop();
});

describe('what agents ask', () => {
  it('is answered with what changed since their generation, page by page', async () => {
    expect(await ask('a', {})).toMatchObject({ generation: 0, complete: true, assignments: [] });
    await assign(1, ['a', 'b']);
    await assignRelease(fleet, seeded, {
      application: 'blog',
      environment: 'dev',
      number: 1,
      clusters: ['a'],
    });
    const first = await ask('a', { first: 1 });
    expect(first).toMatchObject({ generation: 2, pageInfo: { hasNextPage: true } });
    const second = await ask('a', { first: 1, after: first.pageInfo.endCursor });
    expect(second).toMatchObject({ generation: 2, complete: true, pageInfo: { hasNextPage: false } });
    expect([...first.assignments, ...second.assignments].map((each) => each.application)).toEqual([
      'shop',
      'blog',
    ]);
    expect(first.assignments[0]).toMatchObject({
      namespace: 'default',
      serviceAccountName: null,
      syncPolicy: { drift: 'HEAL' },
      tombstone: null,
    });
    const changed = await ask('a', { since: 1, epoch: first.epoch });
    expect(changed.complete).toBe(false);
    expect(changed.assignments.map((each) => each.application)).toEqual(['blog']);
  });

  it('is answered with everything where the agent knows another history', async () => {
    const { epoch } = await ask('a', {});
    expect(await ask('a', { since: 999, epoch })).toMatchObject({ complete: true, generation: 2 });
    expect(await ask('a', { since: 2, epoch: 'another' })).toMatchObject({ complete: true });
    expect((await ask('a', { since: 2, epoch })).assignments).toEqual([]);
  });

  it('can be compared as a whole by one digest', async () => {
    const { assignments } = await ask('a', {});
    const { assignmentsDigest } = await hub.graphql<{
      assignmentsDigest: { digest: string; generation: number };
    }>('{ assignmentsDigest { digest generation epoch } }', {}, agent('a').credential);
    const expected = createHash('sha256').update(assignmentsText(assignments)).digest('hex');
    expect(assignmentsDigest).toMatchObject({ digest: expected, generation: 2 });
  });

  it('is nobody else’s business: people and strangers are refused', async () => {
    const asPerson = await hub.answer(assignmentsQuery, { since: 0, first: 1 });
    const asStranger = await hub.answer(assignmentsQuery, { since: 0, first: 1 }, null);
    expect(asPerson.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(asStranger.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the doorbell', () => {
  it('rings at once with where the hub is, then for the own cluster only', async () => {
    const bell = await hub.subscribe<{ agentDoorbell: { generation: number } }>(
      'subscription { agentDoorbell { generation } }',
      {},
      agent('b').credential,
    );
    expect((await bell.next()).agentDoorbell.generation).toBe(1);
    const next = bell.next();
    await assign(2, ['a']);
    await assign(2, ['b']);
    expect((await next).agentDoorbell.generation).toBe(2);
    bell.stop();
  });
});

describe('bundles', () => {
  const get = (name: string, digest = bundleDigest, headers: Record<string, string> = {}) =>
    fetch(`${hub.url}/bundles/${digest}`, {
      headers: { authorization: `Bearer ${agent(name).credential}`, ...headers },
    });

  beforeAll(async () => {
    await fleet.sql(
      'update instance set bundle_digest = $1 where cluster_id = $2 and application_name = $3',
      [bundleDigest, seeded.clusterIds.get('a'), 'blog'],
    );
  });

  it('come compressed and immutable, and are what their digest says', async () => {
    const response = await get('a');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const body = await response.text();
    expect(createHash('sha256').update(body).digest('hex')).toBe(bundleDigest);
  });

  it('are not sent to whoever has them', async () => {
    expect((await get('a', bundleDigest, { 'if-none-match': `"${bundleDigest}"` })).status).toBe(304);
  });

  it('can be fetched in ranges, so that a broken download goes on', async () => {
    const whole = gzipSync(bundleText);
    const part = async (range: string) => {
      // Node's fetch cannot open a part of a gzip, so it must not try.
      const response = await get('a', bundleDigest, { range, 'accept-encoding': 'gzip' });
      return { status: response.status, range: response.headers.get('content-range') };
    };
    expect(await part(`bytes=0-${whole.length - 1}`)).toEqual({
      status: 206,
      range: `bytes 0-${whole.length - 1}/${whole.length}`,
    });
    expect((await part('bytes=99999-')).status).toBe(416);
  });

  it('are only for clusters that they are assigned to, and for agents', async () => {
    expect((await get('b')).status).toBe(404);
    expect((await get('a', 'f'.repeat(64))).status).toBe(404);
    expect((await get('a', 'nonsense')).status).toBe(404);
    expect((await fetch(`${hub.url}/bundles/${bundleDigest}`)).status).toBe(401);
    const person = { authorization: `Bearer ${hub.adminToken}` };
    expect((await fetch(`${hub.url}/bundles/${bundleDigest}`, { headers: person })).status).toBe(403);
  });
});

describe('what people see', () => {
  const summary =
    'instances drifted stale sync { synced outOfSync failed unknown } health { healthy degraded unknown }';

  it('is an instance with everything that belongs to it', async () => {
    await assign(3, ['a', 'b']);
    expect((await report('b')).verdicts).toEqual(['ACCEPTED']);
    const { instance } = await hub.graphql<{ instance: Record<string, unknown> }>(
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
    await report('a', { health: 'DEGRADED', driftCount: 1 });
    const names = async (filter: object) => {
      const { instances } = await hub.graphql<{
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
    await fleet.sql(
      'insert into slot (application_id, environment_id) values ($1, $2) on conflict do nothing',
      [seeded.applicationIds.get('shop'), seeded.environmentIds.get('dev')],
    );
    const counted = await hub.graphql<Record<string, unknown>>(
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
    const one = await statementsOf(() => hub.graphql(query, { first: 1 }));
    const all = await statementsOf(() => hub.graphql(query, { first: 50 }));
    expect(one.length).toBeGreaterThan(5);
    expect(all.length).toBe(one.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is stale as soon as its cluster is silent', async () => {
    await fleet.sql(
      `update cluster_rollup set last_seen_at = now() - interval '1 hour' where cluster_id = $1`,
      [seeded.clusterIds.get('b')],
    );
    const counted = await hub.graphql<Record<string, unknown>>(
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
    const changes = await hub.subscribe<{ instanceChanged: { health: string; cluster: { name: string } } }>(
      'subscription { instanceChanged(filter: { application: "shop" }) { health cluster { name } } }',
    );
    await report('b', { health: 'PROGRESSING' });
    await report('a', { health: 'SUSPENDED' });
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
    await report('b', { sync: 'OUT_OF_SYNC', pendingPrune: [held] });
    const query = `{ instance(application: "shop", environment: "dev", cluster: "b") { id generation pendingPrune { nodes { kind namespace name } } } }`;
    const { instance } = await hub.graphql<{
      instance: { id: string; generation: number; pendingPrune: { nodes: unknown[] } };
    }>(query);
    expect(instance.pendingPrune.nodes).toEqual([{ kind: 'ConfigMap', namespace: 'shop', name: 'old' }]);
    const approve = `mutation ($id: ID!, $generation: Int!) { approvePrune(instance: $id, generation: $generation, reason: "looked") {
      instance { generation pendingPrune { nodes { name } } } refusal { code } } }`;
    const variables = { id: instance.id, generation: instance.generation };
    expect(await hub.graphql(approve, variables)).toMatchObject({
      approvePrune: {
        instance: { generation: instance.generation + 1, pendingPrune: { nodes: [] } },
        refusal: null,
      },
    });
    expect(await hub.graphql(approve, variables)).toMatchObject({
      approvePrune: { instance: null, refusal: { code: 'NOTHING_TO_APPROVE' } },
    });
    const assigned = await until('the approval to reach the agent', async () =>
      (await ask('b', { since: instance.generation })).assignments.find(
        ({ approvedPrune }) => approvedPrune !== null,
      ),
    );
    expect(assigned.approvedPrune).toBe(assigned.generation);
  });

  it.each([
    ['a session that is no whole number', { session: 0.5, sequence: 1, instances: [] }],
    ['more objects than are reported', { session: 1, sequence: 1, instances: [tooManyObjects()] }],
  ])('refuses a report with %s', async (_, batch) => {
    const { errors } = await hub.answer(reportMutation, { batch }, agent('a').credential);
    expect(errors?.[0]?.extensions.code).toBe('INVALID');
  });
});

function tooManyObjects(): ReturnType<typeof reportOf> {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    name: 'p',
    sync: 'SYNCED',
    health: 'DEGRADED',
    message: '',
  } as const;
  return reportOf(
    { tracking_id: 'x', generation: 1n, bundle_digest: 'b' },
    { objects: Array.from({ length: 501 }, () => object) },
  );
}
