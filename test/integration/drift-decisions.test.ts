import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { ago, startDriftHub, type ClusterName, type DriftHub } from './drift-hub.ts';

let drift: DriftHub;
let hub: DriftHub['hub'];
let items: DriftHub['items'];
let paths: DriftHub['paths'];

beforeAll(async () => {
  drift = await startDriftHub();
  ({ hub, items, paths } = drift);
});
afterAll(() => drift.stop());

describe('accepted drift', () => {
  const accept = (input: object, token?: string) =>
    hub.answer<{ acceptDrift: { exception: { id: string } | null; refusal: { code: string } | null } }>(
      'mutation ($input: DriftExceptionInput!) { acceptDrift(input: $input) { exception { id } refusal { code } } }',
      { input },
      token,
    );
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const exceptionsOf = async (name: ClusterName, application: string) =>
    (await drift.pull(name)).assignments.find((each) => each.application === application)!.syncPolicy
      .exceptions;

  it('is noted on its items at once, and told to the agents of the instances that it concerns', async () => {
    const before = (await drift.pull('eu-1')).assignments.find(({ application }) => application === 'shop')!;
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
    const after = (await drift.pull('eu-1')).assignments.find(({ application }) => application === 'shop')!;
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

  it('is drift again by itself when its time is over, and is told as such to who follows it', async () => {
    const changes = await hub.subscribe<{ driftChanged: { opened: readonly { path: string }[] } }>(
      'subscription { driftChanged(filter: { excepted: false, path: "spec.paused" }) { opened { path } } }',
    );
    await accept({
      filter: { application: 'shop', path: 'spec.paused' },
      reason: 'a moment',
      until: new Date(Date.now() + 400).toISOString(),
    });
    expect(await paths({ excepted: true })).toEqual(['spec.paused']);
    await until('the exception to expire', async () => (await paths({ excepted: true })).length === 0);
    expect((await changes.next()).driftChanged.opened).toEqual([{ path: 'spec.paused' }]);
    changes.stop();
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
    expect((await drift.pull('eu-1')).instructions).toMatchObject([
      { kind: 'heal', payload: { path: 'spec.replicas' } },
    ]);
    expect((await drift.pull('eu-2')).instructions).toEqual([]);
  });

  it('points an agent at the very differences where the filter says what the agent cannot tell apart', async () => {
    const { data } = await heal({ application: 'shop', cluster: 'eu-1', olderThan: '2h' });
    expect(data?.healDrift.instances).toBe(1);
    const { instructions } = await drift.pull('eu-1');
    expect(instructions.at(-1)?.payload).toEqual({
      wishes: [{ objectKind: 'Deployment', namespace: 'shop', name: 'web', path: 'spec.replicas' }],
    });
  });

  it('does not heal the whole fleet for want of a word', async () => {
    expect((await heal({})).errors?.[0]?.message).toContain('names nothing');
  });
});
