// Lists and watches: selectors, pages, bookmarks, resuming, and being told to start over.
import { expect } from 'vitest';
import { stringOf } from '../../../sim/src/json-value.ts';
import { metadataOf, namesOf, configMap, eventOf, versionOf } from './contract-case.ts';
import type { Bench, ContractCase } from './contract-case.ts';
import { defineKind } from './custom-kind.ts';

const labelled = (name: string, labels: Record<string, string>) => configMap(name, {}, { labels });

async function fill(on: Bench): Promise<void> {
  await on.create('configmaps', labelled('a', { env: 'prod', tier: 'web' }));
  await on.create('configmaps', labelled('b', { env: 'prod' }));
  await on.create('configmaps', labelled('c', { env: 'dev', tier: 'db' }));
  await on.create('configmaps', labelled('d', {}));
}

const SELECTIONS: readonly (readonly [string, readonly string[]])[] = [
  ['env=prod', ['a', 'b']],
  ['env==prod,tier=web', ['a']],
  ['env!=prod', ['c', 'd', 'kube-root-ca.crt']],
  ['env in (prod,dev)', ['a', 'b', 'c']],
  ['env in (prod, dev),tier notin (db)', ['a', 'b']],
  ['tier', ['a', 'c']],
  ['!tier,env', ['b']],
];

export const watchCases: readonly ContractCase[] = [
  {
    name: 'label selectors select by equality, sets and existence',
    run: async (on) => {
      await fill(on);
      await on.object('configmaps/kube-root-ca.crt', 'there', () => true);
      for (const [selector, names] of SELECTIONS) {
        const { body } = await on.get(`configmaps?labelSelector=${encodeURIComponent(selector)}`);
        expect(namesOf(body), selector).toEqual(names);
      }
    },
  },
  {
    name: 'a label selector that is none is a bad request',
    run: async (on) => {
      const reply = await on.get(`configmaps?labelSelector=${encodeURIComponent('a == =')}`);
      expect(reply).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    },
  },
  {
    name: 'field selectors select by name and namespace, and refuse other fields',
    run: async (on) => {
      await fill(on);
      const { body } = await on.get('configmaps?fieldSelector=metadata.name%3Db');
      expect(namesOf(body)).toEqual(['b']);
      const all = await on.client.send(
        'GET',
        `/api/v1/configmaps?fieldSelector=metadata.namespace%3D${on.namespace}`,
      );
      expect(namesOf(all.body)).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd']));
      expect((await on.get('configmaps?fieldSelector=data.a%3D1')).status).toBe(400);
    },
  },
  {
    name: 'a list carries its kind and version, and its items carry neither kind nor apiVersion',
    run: async (on) => {
      await fill(on);
      const { body } = await on.get('configmaps?labelSelector=tier');
      expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
      expect(versionOf(body)).toMatch(/^\d+$/);
      expect(body['items']).not.toMatchObject([{ kind: 'ConfigMap' }, {}]);
    },
  },
  {
    name: 'pages of one list show one moment, with a token and a count of what is left',
    run: async (on) => {
      await fill(on);
      const first = await on.get('configmaps?limit=2');
      expect(namesOf(first.body)).toEqual(['a', 'b']);
      expect(Number(metadataOf(first.body)['remainingItemCount'])).toBeGreaterThanOrEqual(2);
      await on.remove('configmaps/c');
      await on.create('configmaps', configMap('cc'));
      const token = encodeURIComponent(stringOf(metadataOf(first.body)['continue']) ?? '');
      const second = await on.get(`configmaps?limit=2&continue=${token}`);
      expect(namesOf(second.body)).toEqual(['c', 'd']);
      expect(versionOf(second.body)).toBe(versionOf(first.body));
    },
  },
  {
    name: 'a watch tells of creation, change and deletion after its version, in order',
    run: async (on) => {
      const { body: list } = await on.get('configmaps?labelSelector=watched');
      const watch = await on.watch('configmaps', `resourceVersion=${versionOf(list)}&labelSelector=watched`);
      const created = await on.create('configmaps', labelled('a', { watched: 'yes' }));
      await on.create('configmaps', labelled('other', {}));
      await on.merge('configmaps/a', { data: { a: '2' } });
      await on.remove('configmaps/a');
      const last = await eventOf(watch, 'deletion', (event) => event.type === 'DELETED');
      watch.close();
      expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(watch.events[0]?.object).toEqual(created.body);
      expect(last.object).toMatchObject({ metadata: { name: 'a' }, data: { a: '2' } });
      expect(Number(versionOf(last.object))).toBeGreaterThan(Number(versionOf(created.body)));
    },
  },
  {
    name: 'a watch resumes after the version of an event that was seen',
    run: async (on) => {
      const created = await on.create('configmaps', labelled('a', { watched: 'yes' }));
      await on.merge('configmaps/a', { data: { a: '2' } });
      const watch = await on.watch(
        'configmaps',
        `resourceVersion=${versionOf(created.body)}&labelSelector=watched`,
      );
      const event = await eventOf(watch, 'the change', () => true);
      watch.close();
      expect(event).toMatchObject({ type: 'MODIFIED', object: { data: { a: '2' } } });
    },
  },
  {
    name: 'a watch without a version begins with what is there',
    run: async (on) => {
      await on.create('configmaps', labelled('a', { watched: 'yes' }));
      const watch = await on.watch('configmaps', 'labelSelector=watched');
      const event = await eventOf(watch, 'what is there', () => true);
      watch.close();
      expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    },
  },
  {
    name: 'an object that loses the selected label is DELETED for the watch, and ADDED when it is back',
    run: async (on) => {
      const created = await on.create('configmaps', labelled('a', { watched: 'yes' }));
      const watch = await on.watch(
        'configmaps',
        `resourceVersion=${versionOf(created.body)}&labelSelector=watched`,
      );
      await on.merge('configmaps/a', { metadata: { labels: { watched: null } } });
      await eventOf(watch, 'the label gone', (event) => event.type === 'DELETED');
      await on.merge('configmaps/a', { metadata: { labels: { watched: 'again' } } });
      await eventOf(watch, 'the label back', (event) => event.type === 'ADDED');
      watch.close();
      expect((await on.get('configmaps/a')).status).toBe(200);
    },
  },
  {
    name: 'a watch ends after its timeout, and sends a bookmark before if asked',
    run: async (on) => {
      const { body: list } = await on.get('configmaps');
      const query = `resourceVersion=${versionOf(list)}&labelSelector=none&allowWatchBookmarks=true&timeoutSeconds=4`;
      const watch = await on.watch('configmaps', query);
      await on.create('configmaps', configMap('a'));
      await watch.ended;
      const bookmark = watch.events.find((event) => event.type === 'BOOKMARK');
      expect(bookmark?.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
      expect(Number(versionOf(bookmark?.object ?? {}))).toBeGreaterThanOrEqual(Number(versionOf(list)));
      expect(watch.events.filter((event) => event.type !== 'BOOKMARK')).toEqual([]);
    },
  },
  {
    name: 'a watch from a version that is forgotten is answered with an ERROR event of 410',
    run: async (on) => {
      const kind = await defineKind(on, 'Forgotten');
      const watch = await on.client.watch(kind.collection, 'resourceVersion=1&timeoutSeconds=5');
      const event = await eventOf(watch, 'the refusal', () => true);
      watch.close();
      expect(event).toMatchObject({
        type: 'ERROR',
        object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
      });
      expect(event.object['message']).toMatch(/^too old resource version: 1 \(\d+\)$/);
      await kind.remove();
    },
  },
  {
    name: 'a watch of a cluster’s all namespaces sees this one’s objects',
    run: async (on) => {
      const { body: list } = await on.get('configmaps');
      const watch = await on.client.watch('/api/v1/configmaps', `resourceVersion=${versionOf(list)}`);
      await on.create('configmaps', configMap('a'));
      const event = await eventOf(
        watch,
        'our object',
        ({ object }) =>
          metadataOf(object)['namespace'] === on.namespace && metadataOf(object)['name'] === 'a',
      );
      watch.close();
      expect(event.type).toBe('ADDED');
    },
  },
];
