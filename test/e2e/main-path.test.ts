// The main path as a whole, on real control planes: a commit to a Kustomize repository becomes a release and goes through
// dev, staging and production, is healed and pruned there, moved by people, and outlives the death of hub and agents.
// Everything is driven through the public API. Times are printed and not asserted.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeOnKube, describeWithTool } from '../support/missing.ts';
import { until } from '../support/until.ts';
import { remove, scale, setImage } from './main-path/by-hand.ts';
import { COLLECTIONS, contentOf, readWorkload, uidOf, workloadOf } from './main-path/cluster-content.ts';
import { watchObject } from './main-path/object-history.ts';
import { imageOf, PLACES, REPLICAS, type Place } from './main-path/shop-repository.ts';
import { Stage } from './main-path/stage.ts';

const PATIENT = { timeoutMs: 90_000 };

/** What the activity tells of a release that goes into an environment without trouble. */
const ONCE_PER_PLACE = [
  'promotion.created',
  'promotion.started',
  'promotion.wave-passed',
  'promotion.waves-passed',
  'promotion.succeeded',
  'instance.synced',
];

const took = (what: string, sinceMs: number, untilMs = performance.now()): void =>
  void process.stdout.write(`main path: ${what}: ${(untilMs - sinceMs).toFixed(0)} ms\n`);

describeWithTool('kustomize', 'the main path', () => {
  describeOnKube('on three real control planes', () => {
    let stage: Stage;

    beforeAll(async () => {
      stage = await Stage.open();
    }, 180_000);
    afterEach(({ task }) => {
      if (task.result?.state === 'fail') process.stderr.write(`${stage?.lastWords() ?? 'no stage'}\n`);
    });
    afterAll(() => stage?.close());

    const runs = (place: Place, version: string, atMost = PATIENT) =>
      until(
        `version ${version} to be in ${place}`,
        async () => (await readWorkload(stage.plane(place)))?.image === imageOf(version),
        { ...atMost, intervalMs: 10 },
      );

    /** Events about a release, each with how often it was recorded. */
    const eventCounts = async (release: number): Promise<Readonly<Record<string, number>>> => {
      const about = (await stage.shop.events()).filter(({ message }) =>
        new RegExp(`[Rr]elease ${release}\\b`).test(message),
      );
      const grouped = Object.groupBy(about, ({ kind, environment }) => `${kind} ${environment ?? ''}`.trim());
      return Object.fromEntries(Object.entries(grouped).map(([what, events]) => [what, events?.length ?? 0]));
    };

    /** What a release leaves in the activity when it goes through dev and staging once. */
    const oncePerPlace = (...places: readonly Place[]) => ({
      'release.created': 1,
      ...Object.fromEntries(places.flatMap((place) => ONCE_PER_PLACE.map((kind) => [`${kind} ${place}`, 1]))),
    });

    it('a first release goes through dev and staging by itself, and waits for a person before production', async () => {
      for (const place of PLACES) await stage.startAgent(place);
      await stage.shop.describe();
      expect((await stage.shop.refresh()).number).toBe(1);
      await stage.shop.arrived('dev', 1);
      await stage.shop.arrived('staging', 1);
      const production = await stage.shop.slot('production');
      expect(production).toMatchObject({ currentRelease: null, running: null });
      expect(production.waitingOn).toMatchObject([{ kind: 'PROMOTION' }]);
      expect(await readWorkload(stage.plane('production'))).toBeUndefined();
      expect(await readWorkload(stage.plane('staging'))).toMatchObject({
        image: imageOf('1'),
        replicas: REPLICAS.staging,
        ready: REPLICAS.staging,
      });
    });

    it('promote brings it into production, with what its overlay says', async () => {
      await stage.shop.promote('production', 1);
      await stage.shop.arrived('production', 1);
      const workload = await readWorkload(stage.plane('production'));
      expect(workload).toMatchObject({ image: imageOf('1'), replicas: 3, ready: 3 });
      const names = Object.keys(await contentOf(stage.plane('production')));
      const wanted = ['deployments/web', 'services/web', 'services/metrics', 'configmaps/banner'];
      expect(names).toEqual(expect.arrayContaining([...wanted, 'configmaps/limits']));
      expect(names.filter((name) => name.startsWith('configmaps/place-'))).toHaveLength(1);
    });

    it.each([
      ['kubectl set image', setImage, imageOf('by-hand')] as const,
      ['kubectl scale', scale, 7] as const,
    ])('%s is taken back', async (what, change, value) => {
      const plane = stage.plane('production');
      const history = await watchObject(plane, COLLECTIONS.deployments, 'web');
      try {
        const before = await readWorkload(plane);
        await (change as (on: typeof plane, to: typeof value) => Promise<void>)(plane, value);
        const states = () => history.events.map(({ atMs, object }) => ({ atMs, ...workloadOf(object) }));
        const isChanged = (state: { readonly image: string | undefined; readonly replicas: number }) =>
          state.image === value || state.replicas === value;
        const changed = await until('the change to be seen', () => states().find(isChanged));
        const healed = await until('it to be taken back', () =>
          states().find((state) => state.generation > changed.generation && !isChanged(state)),
        );
        took(`${what} was healed after`, changed.atMs, healed.atMs);
        expect(healed).toMatchObject({ image: before?.image, replicas: before?.replicas, uid: before?.uid });
        // One write by the person and one by the agent: it does not fight.
        expect(healed.generation).toBe((before?.generation ?? 0) + 2);
      } finally {
        history.stop();
      }
    });

    it.each([
      ['services', 'web'],
      ['configmaps', 'limits'],
    ] as const)('kubectl delete of the %s object %s is undone', async (collection, name) => {
      const plane = stage.plane('production');
      const uid = await uidOf(plane, collection, name);
      const sinceMs = performance.now();
      await remove(plane, collection, name);
      await until(
        'another object of the name',
        async () => {
          const now = await uidOf(plane, collection, name);
          return now !== undefined && now !== uid;
        },
        { intervalMs: 5 },
      );
      took(`kubectl delete ${collection}/${name}, kubectl itself included, was undone after`, sinceMs);
    });

    it('a commit that touches only a base is a release, and reaches the first environment at once', async () => {
      const commit = stage.repository.ship('2');
      const sinceMs = performance.now();
      expect(await stage.shop.refresh()).toEqual({ number: 2, commit });
      await runs('dev', '2');
      took('commit and refresh to the first environment', sinceMs);
      await stage.shop.arrived('dev', 2);
      took('the same until it is verified there', sinceMs);
      await stage.shop.arrived('staging', 2);
      took('the same until it is verified in the second environment', sinceMs);
      expect(await stage.shop.slot('production')).toMatchObject({ currentRelease: { number: 1 } });
      expect(await readWorkload(stage.plane('production'))).toMatchObject({ image: imageOf('1') });
      expect(await eventCounts(2)).toEqual(oncePerPlace('dev', 'staging'));
    });

    it('a commit that touches nothing rendered is no release', async () => {
      const before = await stage.shop.promotions();
      stage.repository.changeReadme();
      expect((await stage.shop.refresh()).number).toBe(2);
      expect(await stage.shop.releases()).toEqual([2, 1]);
      expect(await stage.shop.promotions()).toEqual(before);
    });

    it('a removed file prunes its object and nothing else', async () => {
      const plane = stage.plane('dev');
      const stranger = { metadata: { name: 'stranger', labels: { app: 'web' } } };
      await plane.api('POST', COLLECTIONS.configmaps, stranger);
      const { 'configmaps/banner': banner, ...others } = await contentOf(plane);
      expect(banner).toBeDefined();
      stage.repository.removeBanner();
      const sinceMs = performance.now();
      expect((await stage.shop.refresh()).number).toBe(3);
      await until(
        'the banner to be gone',
        async () => !(await uidOf(plane, 'configmaps', 'banner')),
        PATIENT,
      );
      took('commit and refresh until an object was pruned', sinceMs);
      await stage.shop.arrived('dev', 3);
      await stage.shop.arrived('staging', 3);
      expect(await contentOf(plane)).toEqual(others);
      expect(await uidOf(stage.plane('staging'), 'configmaps', 'banner')).toBeUndefined();
      expect(await uidOf(stage.plane('production'), 'configmaps', 'banner')).toBeDefined();
    });

    it('promote moves production on over what it skipped, and rollback moves it back', async () => {
      const plane = stage.plane('production');
      await stage.shop.promote('production', 3);
      await stage.shop.arrived('production', 3);
      expect(await readWorkload(plane)).toMatchObject({ image: imageOf('2'), replicas: 3 });
      expect(await uidOf(plane, 'configmaps', 'banner')).toBeUndefined();
      const sinceMs = performance.now();
      await stage.shop.rollback('production');
      await runs('production', '1');
      took('rollback until the workload is changed back', sinceMs);
      await stage.shop.arrived('production', 1);
      expect(await uidOf(plane, 'configmaps', 'banner')).toBeDefined();
      expect(await stage.shop.slot('staging')).toMatchObject({ currentRelease: { number: 3 } });
      const last = (await stage.shop.promotions()).at(-1);
      expect(last).toMatchObject({
        intent: 'ROLLBACK',
        state: 'SUCCEEDED',
        environment: { name: 'production' },
      });
    });

    it('a hub and an agent that are killed in the middle of a rollout lose nothing and double nothing', async () => {
      const plane = stage.plane('staging');
      const before = await readWorkload(plane);
      const history = await watchObject(plane, COLLECTIONS.deployments, 'web');
      try {
        await stage.killAgent('staging');
        stage.repository.ship('4');
        expect((await stage.shop.refresh()).number).toBe(4);
        await stage.shop.arrived('dev', 4);
        const isRolling = async () => (await stage.shop.slot('staging')).running?.state === 'ROLLING';
        await until('the rollout to be half way', isRolling, PATIENT);
        await stage.killHub();

        // Without the hub: the one that runs heals, and the one that was killed goes on from its disk.
        await stage.startAgent('staging');
        await stage.agentSaid('staging', 'going on from the assignments on disk');
        for (const place of ['dev', 'staging'] as const) {
          const uid = await uidOf(stage.plane(place), 'configmaps', 'limits');
          await remove(stage.plane(place), 'configmaps', 'limits');
          await until(
            `${place} to be healed without a hub`,
            async () => {
              const now = await uidOf(stage.plane(place), 'configmaps', 'limits');
              return now !== undefined && now !== uid;
            },
            PATIENT,
          );
        }
        expect(await readWorkload(plane)).toMatchObject({ image: imageOf('2'), uid: before?.uid });

        const sinceMs = performance.now();
        await stage.startHub();
        took('the killed hub serves again', sinceMs);
        await stage.shop.arrived('staging', 4);
        took('the rollout has arrived', sinceMs);
        const states = history.events.map(({ type, object }) => ({ type, ...workloadOf(object) }));
        expect(states.every(({ type, uid }) => type !== 'DELETED' && uid === before?.uid)).toBe(true);
        // One write of the specification: the old version once, then the new one.
        expect((await readWorkload(plane))?.generation).toBe((before?.generation ?? 0) + 1);
        expect(await stage.shop.releases()).toEqual([4, 3, 2, 1]);
        expect(await eventCounts(4)).toEqual(oncePerPlace('dev', 'staging'));
      } finally {
        history.stop();
      }
    });

    it('a hub and an agent that are killed at the moment of a release deliver it all the same, once', async () => {
      const before = await readWorkload(stage.plane('dev'));
      stage.repository.ship('5');
      const refreshed = await stage.shop.refresh();
      await Promise.all([stage.killHub(), stage.killAgent('dev')]);
      expect(refreshed.number).toBe(5);
      const sinceMs = performance.now();
      await Promise.all([stage.startHub(), stage.startAgent('dev')]);
      await stage.shop.arrived('dev', 5);
      took('both started again until the release is verified in the first environment', sinceMs);
      await stage.shop.arrived('staging', 5);
      expect(await stage.shop.releases()).toEqual([5, 4, 3, 2, 1]);
      expect(await eventCounts(5)).toEqual(oncePerPlace('dev', 'staging'));
      expect((await readWorkload(stage.plane('dev')))?.generation).toBe((before?.generation ?? 0) + 1);
    });

    it('nothing in production changed by itself meanwhile, and every promotion has ended', async () => {
      expect(await readWorkload(stage.plane('production'))).toMatchObject({ image: imageOf('1'), ready: 3 });
      const told = (await stage.shop.promotions()).map(
        ({ environment, release, state }) => `${environment.name}#${release.number} ${state}`,
      );
      const both = (release: number) => [`dev#${release} SUCCEEDED`, `staging#${release} SUCCEEDED`];
      const production = [1, 3, 1].map((release) => `production#${release} SUCCEEDED`);
      const wanted = [...[1, 2, 3, 4, 5].flatMap(both), ...production];
      expect(told.toSorted()).toEqual(wanted.toSorted());
    });
  });
});
