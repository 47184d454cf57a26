// What the agent does about drift besides putting it back: contests, exceptions, a person's wish, additions, autoscalers,
// and what a restart makes of it.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AssignedException } from '@fairlead/protocol/drift';
import { CONTESTED_AFTER } from '../../agent/src/drift/heal-ledger.ts';
import { until } from '../support/until.ts';
import { EngineHarness } from './engine-harness.ts';
import { configMap, deployment } from './engine-objects.ts';
import { onEachCluster, type StartedCluster } from './on-each-cluster.ts';

const MERGE = 'application/merge-patch+json';
const FIGHT = { timeoutMs: 30_000, intervalMs: 5 };
const AN_HOUR_MS = 3_600_000;

onEachCluster('an agent that is told what to do about drift', (start) => {
  let plane: StartedCluster;
  let harness: EngineHarness;
  const configMapPath = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
  const scalePath = (name: string) => `/apis/apps/v1/namespaces/default/deployments/${name}/scale`;
  const data = async (name: string) => (await plane.api('GET', configMapPath(name))).body['data'];
  const dataIs = async (name: string, wanted: object) => isDeepStrictEqual(await data(name), wanted);
  const edit = (name: string, change: Record<string, string | null>, manager = 'kubectl-edit') =>
    plane.api('PATCH', `${configMapPath(name)}?fieldManager=${manager}`, { data: change }, MERGE);
  const seen = (application: string) => harness.engine.observe(harness.assignment(application).instance);
  const items = (application: string) =>
    (seen(application)?.drift ?? []).map(({ path, contested, excepted, live }) => ({
      path,
      live,
      ...(contested && { contested }),
      ...(excepted && { excepted }),
    }));
  const ended = (application: string) =>
    harness.ended
      .filter(({ instance }) => instance === harness.assignment(application).instance)
      .map(({ path, closedBy }) => [path, closedBy]);
  const shows = (application: string, wanted: readonly object[]) =>
    until(`the drift of ${application}`, () => {
      expect(items(application)).toEqual(wanted);
      return true;
    });
  const exception = (more: Partial<AssignedException>): AssignedException => ({
    id: 'accepted',
    until: new Date(Date.now() + AN_HOUR_MS).toISOString(),
    ...more,
  });

  beforeAll(async () => {
    plane = await start();
    harness = await new EngineHarness(plane).start();
  });
  afterAll(async () => {
    await harness?.stop();
    await plane?.stop();
  });

  it('stops healing a field that one manager takes back for the fifth time, says so, and heals the rest', async () => {
    harness.order('fight', { objects: [configMap('fight', { a: '1', b: '1' })] });
    await harness.synced('fight');
    for (let round = 0; round < CONTESTED_AFTER; round += 1) {
      await edit('fight', { a: `theirs ${round}` }, 'tuner');
      await until(`heal ${round}`, () => dataIs('fight', { a: '1', b: '1' }), FIGHT);
    }
    await edit('fight', { a: 'theirs for good' }, 'tuner');
    await shows('fight', [{ path: 'data.a', live: '"theirs for good"', contested: true }]);
    expect(seen('fight')?.message).toContain('tuner takes it back from fairlead again and again');
    await edit('fight', { b: 'by hand' });
    await until('b is back', () => dataIs('fight', { a: 'theirs for good', b: '1' }));
    await edit('fight', { a: 'and again' }, 'tuner');
    await shows('fight', [{ path: 'data.a', live: '"and again"', contested: true }]);
    expect(ended('fight').filter(([path]) => path === 'data.a')).toHaveLength(CONTESTED_AFTER);
  });

  it('keeps a contest over a restart, and ends it at the word of a person', async () => {
    await harness.crashAndRestart();
    await shows('fight', [{ path: 'data.a', live: '"and again"', contested: true }]);
    harness.engine.healNow(harness.assignment('fight').instance, { objectKind: 'ConfigMap', path: 'data.a' });
    await until('a is back', () => dataIs('fight', { a: '1', b: '1' }));
    await shows('fight', []);
  });

  it('leaves an accepted difference, heals the others, and keeps it through a new release', async () => {
    const accepted = exception({ objectKind: 'ConfigMap', name: 'accept', path: 'data.a' });
    harness.order('accept', {
      objects: [configMap('accept', { a: '1', b: '1', c: '1' })],
      policy: { drift: 'REPORT' },
    });
    await harness.synced('accept');
    await edit('accept', { a: 'mine', b: 'mine' });
    await until('two differences', () => items('accept').length === 2);
    harness.order('accept', { policy: { drift: 'HEAL', exceptions: [accepted] } });
    await until('b is back', () => dataIs('accept', { a: 'mine', b: '1', c: '1' }));
    await shows('accept', [{ path: 'data.a', live: '"mine"', excepted: 'accepted' }]);
    expect(seen('accept')?.driftCount).toBe(0);
    harness.order('accept', { objects: [configMap('accept', { a: '2', b: '2', c: '1' })] });
    await until('the release', () => dataIs('accept', { a: 'mine', b: '2', c: '1' }));
    await shows('accept', [{ path: 'data.a', live: '"mine"', excepted: 'accepted' }]);
    await edit('accept', { a: 'mine still', c: 'x' });
    await until('c is back', () => dataIs('accept', { a: 'mine still', b: '2', c: '1' }));
  });

  it('heals what was accepted once its time is over', async () => {
    const untilMs = Date.now() + 1_000;
    const over = exception({ name: 'accept', path: 'data.a', until: new Date(untilMs).toISOString() });
    harness.order('accept', { policy: { exceptions: [over] } });
    await until('a is back', () => dataIs('accept', { a: '2', b: '2', c: '1' }));
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs);
    await shows('accept', []);
  });

  it('leaves what was accepted to be away, and the live value of an accepted field that is its own', async () => {
    harness.order('away', { objects: [configMap('away', { a: '1', b: '1' })], policy: { drift: 'REPORT' } });
    await harness.synced('away');
    await edit('away', { a: null });
    await until('the difference', () => items('away').length === 1);
    const accepted = [exception({ path: 'data.a' }), exception({ id: 'own', path: 'data.b' })];
    harness.order('away', {
      objects: [configMap('away', { a: '1', b: '2' })],
      policy: { drift: 'HEAL', exceptions: accepted },
    });
    await harness.synced('away');
    await edit('away', { c: 'x' });
    expect(await data('away')).toMatchObject({ b: '1' });
  });

  it('heals exactly the field that a person points at, with REPORT too', async () => {
    harness.order('point', {
      objects: [configMap('point', { a: '1', b: '1' })],
      policy: { drift: 'REPORT' },
    });
    await harness.synced('point');
    await edit('point', { a: 'x', b: 'x', more: 'x' });
    await until('three differences', () => items('point').length === 3);
    const { instance } = harness.assignment('point');
    harness.engine.healNow(instance, { path: 'data.a' });
    await until('a is back', () => dataIs('point', { a: '1', b: 'x', more: 'x' }));
    await edit('point', { a: 'x' });
    await until('a to be known', () => items('point').length === 3);
    // Two wishes at once: neither is lost, and b is left as it is.
    harness.engine.healNow(instance, { path: 'data.more' });
    harness.engine.healNow(instance, { path: 'data.a' });
    await until('both are back', () => dataIs('point', { a: '1', b: 'x' }));
    harness.engine.healNow(instance);
    await until('all is back', () => dataIs('point', { a: '1', b: '1' }));
    await shows('point', []);
  });

  it('tells an addition until it is taken back, and never removes it by itself', async () => {
    harness.order('add', { objects: [configMap('add', { a: '1' })] });
    await harness.synced('add');
    await edit('add', { more: 'x' });
    await shows('add', [{ path: 'data.more', live: '"x"' }]);
    await edit('add', { a: 'x' });
    await until('a is back', () => dataIs('add', { a: '1', more: 'x' }));
    await edit('add', { more: null });
    await shows('add', []);
    expect(ended('add')).toEqual([
      ['data.a', 'HEALED'],
      ['data.more', 'REVERTED'],
    ]);
  });

  it('leaves all that one manager writes to it, where a rule says so', async () => {
    harness.order('theirs', {
      objects: [configMap('theirs', { a: '1', b: '1' })],
      policy: { ignore: [{ manager: 'tuner' }] },
    });
    await harness.synced('theirs');
    await edit('theirs', { a: 'x', added: 'x' }, 'tuner');
    await edit('theirs', { b: 'x' });
    await until('b is back', () => dataIs('theirs', { a: 'x', b: '1', added: 'x' }));
    await shows('theirs', []);
  });

  it('leaves replicas to an autoscaler that targets the workload, also when a person scaled it', async () => {
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'sized' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'sized' },
        minReplicas: 1,
        maxReplicas: 9,
      },
    };
    const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
    const { status } = await plane.api('POST', path, autoscaler);
    expect(status).toBe(201);
    harness.order('sized', { objects: [deployment('sized', 'registry.example/a:1', 2)] });
    await harness.synced('sized');
    await plane.api('PATCH', `${scalePath('sized')}?fieldManager=kubectl`, { spec: { replicas: 3 } }, MERGE);
    const labels = { app: 'x' };
    const target = '/apis/apps/v1/namespaces/default/deployments/sized';
    await plane.api('PATCH', `${target}?fieldManager=kubectl-label`, { metadata: { labels } }, MERGE);
    await shows('sized', [{ path: 'metadata.labels.app', live: '"x"' }]);
    const { body } = await plane.api<{ spec: { replicas: number } }>('GET', target);
    expect(body.spec.replicas).toBe(3);
  });

  it('leaves a workload that was scaled to nothing where its replicas are an autoscaler’s, ignored or accepted', async () => {
    const scaleToNothing = async (name: string): Promise<void> => {
      const body = { spec: { replicas: 0 } };
      await plane.api('PATCH', `${scalePath(name)}?fieldManager=kubectl`, body, MERGE);
    };
    const objects = (name: string) => [deployment(name, 'registry.example/a:1', 2)];
    harness.order('ignored', {
      objects: objects('ignored'),
      policy: { ignore: [{ kind: 'Deployment', path: 'spec.replicas' }] },
    });
    harness.order('allowed', { objects: objects('allowed'), policy: { drift: 'REPORT' } });
    await harness.synced('ignored');
    await harness.synced('allowed');
    for (const name of ['sized', 'ignored', 'allowed']) await scaleToNothing(name);
    await shows('allowed', [{ path: 'spec.replicas', live: '0' }]);
    harness.order('allowed', {
      policy: { drift: 'HEAL', exceptions: [exception({ path: 'spec.replicas' })] },
    });
    await shows('allowed', [{ path: 'spec.replicas', live: '0', excepted: 'accepted' }]);
    // Each is looked at and written once more, for another field.
    for (const name of ['sized', 'ignored', 'allowed']) {
      const target = `/apis/apps/v1/namespaces/default/deployments/${name}`;
      const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'x' }];
      const query = 'fieldManager=kubectl-set';
      await plane.api('PATCH', `${target}?${query}`, image, 'application/json-patch+json');
      const healed = await until(`${name} to be healed`, async () => {
        const { body } = await plane.api('GET', target);
        return JSON.stringify(body).includes('"image":"registry.example/a:1"') && body;
      });
      expect([name, (healed['spec'] as { replicas?: number }).replicas]).toEqual([name, 0]);
    }
    // Nor does a new release wake what an autoscaler owns.
    harness.order('sized', { objects: [deployment('sized', 'registry.example/a:2', 2)] });
    await harness.synced('sized');
    const released = await plane.api('GET', '/apis/apps/v1/namespaces/default/deployments/sized');
    expect(JSON.stringify(released.body)).toContain('"image":"registry.example/a:2"');
    expect((released.body['spec'] as { replicas?: number }).replicas).toBe(0);
    harness.order('allowed', { policy: { exceptions: [] } });
    await until('what was accepted to be healed', async () => {
      const { body } = await plane.api('GET', '/apis/apps/v1/namespaces/default/deployments/allowed');
      return (body['spec'] as { replicas?: number }).replicas === 2;
    });
  });

  it('knows an open difference again after a restart, by its episode and its first time', async () => {
    harness.order('again', { objects: [configMap('again', { a: '1' })], policy: { drift: 'REPORT' } });
    await harness.synced('again');
    await edit('again', { a: 'x' });
    await shows('again', [{ path: 'data.a', live: '"x"' }]);
    const [before] = await until(
      'the disk',
      () => harness.keptDrift('again').length === 1 && harness.keptDrift('again'),
    );
    await harness.crashAndRestart();
    await shows('again', [{ path: 'data.a', live: '"x"' }]);
    const [after] = seen('again')?.drift ?? [];
    expect([after?.episode, after?.firstSeenAt]).toEqual([before?.episode, before?.firstSeenAt]);
  });

  it('ends the episode of a heal that a crash cut off, once', async () => {
    const { instance } = harness.assignment('again');
    harness.engine.healNow(instance);
    // The apply may have come through, and its answer not.
    await until('a is back', () => dataIs('again', { a: '1' }), { intervalMs: 1 });
    await harness.crashAndRestart();
    await shows('again', []);
    // Told by either life or both: it is one episode.
    const episodes = harness.ended.filter((episode) => episode.instance === instance);
    expect(new Set(episodes.map(({ episode, closedBy }) => `${episode} ${closedBy}`)).size).toBe(1);
  });

  it('tells what people add to a namespace of its own, and nothing that controllers make', async () => {
    const metadata = { name: 'own' };
    await plane.api('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
    harness.order('own', {
      objects: [deployment('own', 'registry.example/a:1')],
      namespace: 'own',
      policy: { extraObjects: true },
    });
    await harness.synced('own');
    const make = (manager: string, name: string) =>
      plane.api('POST', `/api/v1/namespaces/own/configmaps?fieldManager=${manager}`, configMap(name));
    await make('kubectl-create', 'by-hand');
    await make('some-operator', 'by-controller');
    await until('the addition', () => (seen('own')?.drift ?? []).length > 0);
    expect(seen('own')?.drift).toEqual([
      expect.objectContaining({
        kind: 'ConfigMap',
        namespace: 'own',
        name: 'by-hand',
        type: 'EXTRA',
        manager: 'kubectl-create',
        managerClass: 'PERSON',
      }),
    ]);
    await plane.api('DELETE', '/api/v1/namespaces/own/configmaps/by-hand');
    await shows('own', []);
    harness.order('own', { policy: { extraObjects: false } });
    await harness.synced('own');
    await make('kubectl-create', 'unseen');
    await edit('add', { a: 'y' });
    await until('a is back', async () => isDeepStrictEqual((await data('add')) ?? {}, { a: '1' }));
    expect(items('own')).toEqual([]);
  });

  it('names at most 500 differences, and says that there are more', async () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`key-${n}`, 'x']));
    harness.order('many', { objects: [configMap('many', many)], policy: { drift: 'REPORT' } });
    await harness.synced('many');
    const changed = Object.fromEntries(Object.keys(many).map((key) => [key, 'y']));
    await edit('many', changed);
    await until('the differences', () => seen('many')?.driftCount === 600);
    expect([seen('many')?.drift?.length, seen('many')?.driftTruncated]).toEqual([500, true]);
  });
});
