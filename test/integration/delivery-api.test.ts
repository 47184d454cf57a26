import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignmentsText } from '@fairlead/protocol/assignments-digest';
import { reportOf } from './delivery-fixture.ts';
import {
  assignmentsQuery,
  bundleDigest,
  bundleText,
  DeliveryWorld,
  reportMutation,
} from './delivery-world.ts';

let world: DeliveryWorld;

beforeAll(async () => {
  world = await DeliveryWorld.start();
});
afterAll(() => world?.stop());

describe('what agents ask', () => {
  it('is answered with what changed since their generation, page by page', async () => {
    expect(await world.ask('a', {})).toMatchObject({ generation: 0, complete: true, assignments: [] });
    await world.assign('shop', 1, ['a', 'b']);
    await world.assign('blog', 1, ['a']);
    const first = await world.ask('a', { first: 1 });
    expect(first).toMatchObject({ generation: 2, pageInfo: { hasNextPage: true } });
    const second = await world.ask('a', { first: 1, after: first.pageInfo.endCursor });
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
    const changed = await world.ask('a', { since: 1, epoch: first.epoch });
    expect(changed.complete).toBe(false);
    expect(changed.assignments.map((each) => each.application)).toEqual(['blog']);
  });

  it('is answered with everything where the agent knows another history', async () => {
    const { epoch } = await world.ask('a', {});
    expect(await world.ask('a', { since: 999, epoch })).toMatchObject({ complete: true, generation: 2 });
    expect(await world.ask('a', { since: 2, epoch: 'another' })).toMatchObject({ complete: true });
    expect((await world.ask('a', { since: 2, epoch })).assignments).toEqual([]);
  });

  it('can be compared as a whole by one digest', async () => {
    const { assignments } = await world.ask('a', {});
    const { assignmentsDigest } = await world.hub.graphql<{
      assignmentsDigest: { digest: string; generation: number };
    }>('{ assignmentsDigest { digest generation epoch } }', {}, world.agent('a').credential);
    const expected = createHash('sha256').update(assignmentsText(assignments)).digest('hex');
    expect(assignmentsDigest).toMatchObject({ digest: expected, generation: 2 });
  });

  it('is nobody else’s business: people and strangers are refused', async () => {
    const asPerson = await world.hub.answer(assignmentsQuery, { since: 0, first: 1 });
    const asStranger = await world.hub.answer(assignmentsQuery, { since: 0, first: 1 }, null);
    expect(asPerson.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(asStranger.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the doorbell', () => {
  it('rings at once with where the hub is, then for the own cluster only', async () => {
    const bell = await world.hub.subscribe<{ agentDoorbell: { generation: number } }>(
      'subscription { agentDoorbell { generation } }',
      {},
      world.agent('b').credential,
    );
    expect((await bell.next()).agentDoorbell.generation).toBe(1);
    const next = bell.next();
    await world.assign('shop', 2, ['a']);
    await world.assign('shop', 2, ['b']);
    expect((await next).agentDoorbell.generation).toBe(2);
    bell.stop();
  });
});

describe('bundles', () => {
  const get = (name: string, digest = bundleDigest, headers: Record<string, string> = {}) =>
    fetch(`${world.hub.url}/bundles/${digest}`, {
      headers: { authorization: `Bearer ${world.agent(name).credential}`, ...headers },
    });

  beforeAll(async () => {
    await world.fleet.sql(
      'update instance set bundle_digest = $1 where cluster_id = $2 and application_name = $3',
      [bundleDigest, world.seeded.clusterIds.get('a'), 'blog'],
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
    expect((await fetch(`${world.hub.url}/bundles/${bundleDigest}`)).status).toBe(401);
    const person = { authorization: `Bearer ${world.hub.adminToken}` };
    expect((await fetch(`${world.hub.url}/bundles/${bundleDigest}`, { headers: person })).status).toBe(403);
  });
});

describe('a report', () => {
  it.each([
    ['a session that is no whole number', { session: 0.5, sequence: 1, instances: [] }],
    ['more objects than are reported', { session: 1, sequence: 1, instances: [tooManyObjects()] }],
  ])('refuses a report with %s', async (_, batch) => {
    const { errors } = await world.hub.answer(reportMutation, { batch }, world.agent('a').credential);
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
