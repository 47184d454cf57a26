// Bad input on its whole way: through the public API and Git, over the hub, to an agent process on a real control plane,
// and back to the person who asks why it does not move.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { describeOnKube } from '../support/missing.ts';
import { until } from '../support/until.ts';
import { tokenOfLimitedAgent } from './bad-input/limited-agent.ts';
import { configMap, deployment, lamp, lampDefinition, manifest, service } from './bad-input/manifests.ts';
import { Neighbourhood } from './bad-input/neighbourhood.ts';

const MERGE = 'application/merge-patch+json';

describeOnKube('bad input on its whole way', () => {
  let plane: ControlPlane;
  let strictPlane: ControlPlane;
  let hub: TestHub;
  let all: Neighbourhood;
  const worlds: Neighbourhood[] = [];

  const enrol = async (on: ControlPlane, name: string, token?: string): Promise<Neighbourhood> => {
    const neighbourhood = await Neighbourhood.enrol(hub, on, name, token);
    worlds.push(neighbourhood);
    return neighbourhood;
  };

  beforeAll(async () => {
    [plane, strictPlane] = await startControlPlanes(['bad-input', 'strict']);
    // A failure counts once it has lasted, and not before the hub has heard agents for as long as silence takes to show.
    const patience = { FAIRLEAD_HEALTH_GRACE: '2s', FAIRLEAD_STALE_AFTER: '15s' };
    hub = await startTestHub({ FAIRLEAD_GIT_INTERVAL: '24h', ...patience });
    all = await enrol(plane, 'everything');
    all.world.start();
    await all.world.synced(1);
  }, 120_000);
  afterAll(async () => {
    for (const { world } of worlds) await world.stop();
    await hub?.stop();
    await plane?.stop();
    await strictPlane?.stop();
  });

  describe('the prune guard', () => {
    it('holds back an empty render, says so to the person, and lets go on approval of that generation alone', async () => {
      await all.release('empty', { 'a.yaml': manifest(configMap('a'), configMap('b')) });
      await all.runs('empty', 1);
      expect(await all.release('empty', { 'a.yaml': '# nothing any more\n' })).toBe(2);
      const held = await all.becomes(
        'empty',
        'is held back',
        ({ pendingPrune }) => pendingPrune.nodes.length > 0,
      );
      expect(held).toMatchObject({ sync: 'OUT_OF_SYNC', observedRelease: { number: 1 } });
      expect(
        held.pendingPrune.nodes.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).sort(),
      ).toEqual(['ConfigMap empty/a', 'ConfigMap empty/b']);
      const [wait] = held.waitingOn.filter(({ kind }) => kind === 'PRUNE');
      expect(wait?.message).toMatch(new RegExp(`2 objects.*approvePrune.*generation ${held.generation}`));
      expect(await all.approvePrune(held, held.generation - 1)).toMatchObject({ code: 'NOTHING_TO_APPROVE' });
      expect([await all.text('empty', 'a'), await all.text('empty', 'b')]).toEqual(['one', 'one']);
      expect(await all.approvePrune(held, held.generation)).toBeNull();
      const after = await all.runs('empty', 2);
      expect(after.pendingPrune.nodes).toEqual([]);
      expect([await all.text('empty', 'a'), await all.text('empty', 'b')]).toEqual([undefined, undefined]);
    });

    it('holds back a render that drops most objects, and lets go when a person rolls back', async () => {
      const three = manifest(configMap('a'), configMap('b'), configMap('c'));
      await all.release('most', { 'a.yaml': three });
      await all.runs('most', 1);
      await all.release('most', { 'a.yaml': manifest(configMap('a', 'two')) });
      const held = await all.becomes(
        'most',
        'is held back',
        ({ pendingPrune }) => pendingPrune.nodes.length > 0,
      );
      expect(held.message).toContain('2 objects of 3 would be removed, more than 50 %');
      // What the release changes is applied meanwhile.
      expect(await all.text('most', 'a')).toBe('two');
      expect(
        await all.refusalOf(
          `mutation { result: rollback(application: "most", environment: "everything", reason: "too few") {
             refusal { code message reasons } } }`,
          {},
        ),
      ).toBeNull();
      const after = await all.runs('most', 1);
      expect(after.pendingPrune.nodes).toEqual([]);
      expect([await all.text('most', 'a'), await all.text('most', 'c')]).toEqual(['one', 'one']);
    });
  });

  describe('an object that is somebody else’s', () => {
    it('belongs to the instance that was there first: the other is told whose it is, and gets it once it is free', async () => {
      await all.release('first', {
        'a.yaml': manifest(configMap('own', 'one', 'first'), configMap('disputed', 'mine', 'first')),
      });
      await all.runs('first', 1);
      await all.release('second', { 'a.yaml': manifest(configMap('disputed', 'yours', 'first')) });
      const refused = await all.fails('second');
      expect(refused.message).toMatch(
        /ConfigMap\/first\/disputed: OWNED_BY_OTHER: belongs to application first in environment everything/,
      );
      expect(refused.waitingOn[0]).toMatchObject({ kind: 'ADOPTION' });
      expect(await all.text('first', 'disputed')).toBe('mine');
      expect(await all.instance('first')).toMatchObject({ sync: 'SYNCED', health: 'HEALTHY' });
      const freed = await all.release('first', { 'a.yaml': manifest(configMap('own', 'one', 'first')) });
      await all.runs('first', freed);
      await until('the other to have it', async () => (await all.text('first', 'disputed')) === 'yours', {
        timeoutMs: 60_000,
      });
      await all.becomes('second', 'is SYNCED', ({ sync }) => sync === 'SYNCED');
    });

    it('is not taken from a person until the application says adopt', async () => {
      await plane.api('POST', '/api/v1/namespaces', { metadata: { name: 'adopts' } });
      await plane.api(
        'POST',
        '/api/v1/namespaces/adopts/configmaps?fieldManager=kubectl-create',
        configMap('a', 'by hand'),
      );
      await all.release('adopts', { 'a.yaml': manifest(configMap('a', 'from git')) });
      const waiting = await all.becomes('adopts', 'waits', ({ waitingOn }) =>
        waitingOn.some(({ kind }) => kind === 'ADOPTION'),
      );
      expect(waiting).toMatchObject({
        sync: 'OUT_OF_SYNC',
        message: expect.stringMatching(/ADOPTION_NEEDED: .*\.data\.text .*kubectl-create.*adopt/) as string,
      });
      expect(await all.text('adopts', 'a')).toBe('by hand');
      await all.save('adopts', { syncPolicy: { adopt: true } });
      await all.becomes('adopts', 'is SYNCED', ({ sync }) => sync === 'SYNCED');
      expect(await all.text('adopts', 'a')).toBe('from git');
    });
  });

  describe('what the API server refuses', () => {
    it('fails by name while its siblings go on, and the next commit mends it', async () => {
      await all.release('refused', { 'a.yaml': manifest(service('bad', 0), configMap('good')) });
      const failed = await all.fails('refused');
      expect(failed.message).toMatch(/Service\/refused\/bad: .*spec\.ports\[0\]\.port/);
      expect(failed.waitingOn[0]).toMatchObject({ kind: 'APPLY' });
      expect(await all.text('refused', 'good')).toBe('one');
      const mended = await all.release('refused', {
        'a.yaml': manifest(service('bad', 80), configMap('good')),
      });
      await all.runs('refused', mended);
    });

    it('an immutable field that changes is named with the way out, its siblings go on, and taking it back is enough', async () => {
      await all.release('immutable', { 'a.yaml': manifest(deployment('web', 'one'), configMap('good')) });
      await all.runs('immutable', 1);
      await all.release('immutable', {
        'a.yaml': manifest(deployment('web', 'two'), configMap('good', 'two')),
      });
      const failed = await all.fails('immutable');
      expect(failed.message).toMatch(
        /Deployment\/immutable\/web: .*a field cannot change: .*spec\.selector.*fairlead\.dev\/recreate/,
      );
      expect(await all.text('immutable', 'good')).toBe('two');
      await until(
        'the promotion to fail',
        async () => (await all.instance('immutable')).promotion?.state === 'FAILED',
      );
      const back = await all.release('immutable', {
        'a.yaml': manifest(deployment('web', 'one'), configMap('good')),
      });
      await all.runs('immutable', back);
    });

    it('for want of a right is named with verb and resource, and applied once the right is given', async () => {
      const limited = await tokenOfLimitedAgent(strictPlane, 'limited-agent');
      const few = await enrol(strictPlane, 'limited', limited.token);
      few.world.start({ FAIRLEAD_NAMESPACE: 'limited-agent' });
      await few.world.synced(1);
      await few.release('rights', { 'a.yaml': manifest(service('web', 80), configMap('good')) });
      const failed = await few.fails('rights');
      expect(failed.message).toMatch(
        /Service\/rights\/web: FORBIDDEN: the agent may not patch services in namespace rights; add to its role: .*"resources": \["services"\], .*"patch"/,
      );
      expect(await few.text('rights', 'good')).toBe('one');
      await limited.allow({ apiGroups: [''], resources: ['services'], verbs: ['create', 'patch'] });
      await few.becomes('rights', 'is SYNCED', ({ sync }) => sync === 'SYNCED');
    });
  });

  describe('one commit', () => {
    it('may hold a definition with its custom resource, and a namespace with its content', async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'brought-along' } };
      const content = configMap('inside', 'one', 'brought-along');
      const release = await all.release('bundle', {
        'a.yaml': manifest(lamp('desk'), content, namespace, lampDefinition),
      });
      await all.runs('bundle', release);
      const path = '/apis/bad-input.example.com/v1/namespaces/bundle/lamps/desk';
      expect((await plane.api('GET', path)).body).toMatchObject({ spec: { watts: 5 } });
      expect(await all.text('brought-along', 'inside')).toBe('one');
    });

    it('may hold a List and a list of one kind, whose items are owned one by one', async () => {
      const list = { apiVersion: 'v1', kind: 'List', items: [configMap('a'), service('web', 80)] };
      const maps = { apiVersion: 'v1', kind: 'ConfigMapList', items: [configMap('b'), configMap('c')] };
      await all.runs('lists', await all.release('lists', { 'a.yaml': manifest(list, maps) }));
      const fewer = { ...maps, items: [configMap('b')] };
      await all.runs('lists', await all.release('lists', { 'a.yaml': manifest(list, fewer) }));
      expect([await all.text('lists', 'a'), await all.text('lists', 'b')]).toEqual(['one', 'one']);
      expect(await all.text('lists', 'c')).toBeUndefined();
    });
  });

  describe('a source that breaks', () => {
    it.each([
      ['YAML_INVALID', 'a: 1\nb: [\n', /^yaml-invalid\/a\.yaml:\d/],
      ['DUPLICATE_OBJECT', manifest(configMap('a'), configMap('a', 'two')), /ConfigMap.*a/],
      ['OBJECT_INVALID', '{"apiVersion":"v1","metadata":{"name":"a"}}', /a\.yaml.*kind/],
    ])('with %s leaves the last good release running and healed', async (code, broken, message) => {
      const name = code.toLowerCase().replace('_', '-');
      await all.release(name, { 'a.yaml': manifest(configMap('a')) });
      const before = await all.runs(name, 1);
      all.commit(name, { 'a.yaml': broken });
      const source = await all.refresh(name);
      expect(source.sourceError).toMatchObject({ code, message: expect.stringMatching(message) as string });
      expect(source.latestRelease).toEqual({ number: 1 });
      const path = `/api/v1/namespaces/${name}/configmaps/a?fieldManager=kubectl-edit`;
      await plane.api('PATCH', path, { data: { text: 'by hand' } }, MERGE);
      await until('it to be healed', async () => (await all.text(name, 'a')) === 'one');
      const after = await all.instance(name);
      expect(after).toMatchObject({ sync: 'SYNCED', generation: before.generation });
    });
  });

  // The last one: it takes the applications from the cluster.
  describe('a mistyped selector', () => {
    const save = (selector: string, confirmRemovals: number | null = null) =>
      all.refusalOf(
        `mutation ($input: EnvironmentInput!, $confirmRemovals: Int) {
           result: saveEnvironment(input: $input, confirmRemovals: $confirmRemovals) {
             refusal { code message reasons } } }`,
        { input: { name: 'everything', selector }, confirmRemovals },
      );
    const labelOf = async () => (await all.world.settings())?.metadata.labels?.[INSTANCE_LABEL];

    it('is refused with what it would take away, and takes nothing', async () => {
      const refusal = await save('world=evrything');
      expect(refusal).toMatchObject({ code: 'REMOVES_INSTANCES' });
      expect(refusal?.reasons).toEqual(expect.arrayContaining(['everything/everything/everything']));
      const [, count] = /(\d+) instances/.exec(refusal?.message ?? '') ?? [];
      expect(await save('world=evrything', Number(count) - 1)).toMatchObject({ code: 'REMOVES_INSTANCES' });
      expect(await all.instance('everything')).toMatchObject({ sync: 'SYNCED' });
      await all.world.removeSettings();
      await until('it to be healed still', () => labelOf());
    });

    it('that a person confirms leaves the objects where they are, without our label', async () => {
      const [, count] = /(\d+) instances/.exec((await save('world=evrything'))?.message ?? '') ?? [];
      expect(await save('world=evrything', Number(count))).toBeNull();
      await until('the label to be gone', async () => (await labelOf()) === undefined, { timeoutMs: 60_000 });
      expect(await all.world.text()).toBe('one');
    });
  });
});
