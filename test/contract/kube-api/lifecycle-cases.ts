// Coming and going: finalizers, owners, namespaces, custom kinds, and workloads that become ready.
import { expect } from 'vitest';
import { objectsOf, valueAt } from '../../../sim/src/json-value.ts';
import type { Bench, ContractCase } from './contract-case.ts';
import {
  conditionOf,
  configMap,
  deployment,
  entryOf,
  metadataOf,
  namesOf,
  versionOf,
} from './contract-case.ts';
import { defineKind } from './custom-kind.ts';
import { until } from '../../support/until.ts';

const APPLY = { type: 'application/apply-patch+yaml' };

const podTemplate = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
});

const owner = (kind: string, object: Parameters<typeof metadataOf>[0]) => ({
  apiVersion: 'v1',
  kind,
  name: metadataOf(object)['name'] ?? '',
  uid: metadataOf(object)['uid'] ?? '',
});

const podNames = async (on: Bench, app: string) =>
  namesOf((await on.get(`pods?labelSelector=app%3D${app}`)).body);

export const lifecycleCases: readonly ContractCase[] = [
  {
    name: 'deleting answers with a Status that names the object, and then it is gone',
    run: async (on) => {
      const { body: stored } = await on.create('configmaps', configMap('a'));
      const { status, body } = await on.remove('configmaps/a');
      expect(status).toBe(200);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: metadataOf(stored)['uid'] },
      });
      expect((await on.get('configmaps/a')).status).toBe(404);
    },
  },
  {
    name: 'a dry-run deletion deletes nothing',
    run: async (on) => {
      await on.create('configmaps', configMap('a'));
      expect((await on.remove('configmaps/a?dryRun=All')).status).toBe(200);
      expect((await on.get('configmaps/a')).status).toBe(200);
    },
  },
  {
    name: 'a deletion with the UID of another object is refused',
    run: async (on) => {
      await on.create('configmaps', configMap('a'));
      const uid = '00000000-0000-4000-8000-000000000000';
      const reply = await on.remove('configmaps/a', {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        preconditions: { uid },
      });
      expect(reply).toMatchObject({
        status: 409,
        body: { reason: 'Conflict', message: expect.stringContaining(uid) },
      });
      expect((await on.get('configmaps/a')).status).toBe(200);
    },
  },
  {
    name: 'a finalizer holds a deleted object until it is taken out',
    run: async (on) => {
      await on.create('configmaps', configMap('a', {}, { finalizers: ['example.com/hold'] }));
      const { status } = await on.remove('configmaps/a');
      expect(status).toBe(200);
      const held = await on.read('configmaps/a');
      expect(metadataOf(held)['deletionTimestamp']).toMatch(/Z$/);
      const { status: applied } = await on.apply('configmaps/a', configMap('a', { data: { late: '1' } }));
      expect(applied).toBe(200);
      await on.merge('configmaps/a', { metadata: { finalizers: null } });
      await on.gone('configmaps/a');
    },
  },
  {
    name: 'objects go in the background after their last owner',
    run: async (on) => {
      const { body: first } = await on.create('configmaps', configMap('owner'));
      const { body: second } = await on.create('configmaps', configMap('other-owner'));
      await on.create('configmaps', configMap('only', {}, { ownerReferences: [owner('ConfigMap', first)] }));
      const both = { ownerReferences: [owner('ConfigMap', first), owner('ConfigMap', second)] };
      await on.create('configmaps', configMap('shared', {}, both));
      await on.remove('configmaps/owner?propagationPolicy=Background');
      await on.gone('configmaps/only');
      expect((await on.get('configmaps/shared')).status).toBe(200);
      await on.remove('configmaps/other-owner?propagationPolicy=Background');
      await on.gone('configmaps/shared');
    },
  },
  {
    name: 'a namespace carries its name as a label, and content of its own from the start',
    run: async (on) => {
      const { body } = await on.client.send('GET', `/api/v1/namespaces/${on.namespace}`);
      expect(body).toMatchObject({
        metadata: { labels: { 'kubernetes.io/metadata.name': on.namespace } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
      await on.object('serviceaccounts/default', 'there', () => true);
      await on.object('configmaps/kube-root-ca.crt', 'there', () => true);
    },
  },
  {
    name: 'a terminating namespace takes nothing new, and goes when its content is gone',
    run: async (on) => {
      await on.create('configmaps', configMap('held', {}, { finalizers: ['example.com/hold'] }));
      await on.create('configmaps', configMap('free'));
      const path = `/api/v1/namespaces/${on.namespace}`;
      const deletion = await on.client.send('DELETE', path);
      expect(deletion.body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
      const reply = await on.create('configmaps', configMap('late'));
      expect(reply).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
      expect(reply.body['message']).toBe(
        `configmaps "late" is forbidden: unable to create new content in namespace ${on.namespace} because it is being terminated`,
      );
      expect(valueAt(reply.body, 'details', 'causes')).toEqual([
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${on.namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ]);
      expect((await on.apply('configmaps/late', configMap('late'))).status).toBe(403);
      await on.gone('configmaps/free');
      await on.merge('configmaps/held', { metadata: { finalizers: null } });
      const isGone = async () => (await on.client.send('GET', path)).status === 404;
      await until('the namespace to be gone', isGone, { timeoutMs: 60_000 });
    },
  },
  {
    name: 'a custom kind is served once it is established, with the ownership rules of its schema',
    run: async (on) => {
      const kind = await defineKind(on, 'Widget');
      const config = kind.object('w', { size: 1, parts: [{ id: 'a', size: 1 }], tags: ['x'], notes: ['n'] });
      const path = `${kind.collection}/w`;
      const reply = await on.client.send('PATCH', `${path}?fieldManager=fairlead`, config, APPLY);
      expect(reply).toMatchObject({ status: 201, body: { metadata: { generation: 1 } } });
      expect(entryOf(reply.body, 'fairlead')?.['fieldsV1']).toEqual({
        'f:spec': {
          'f:notes': {},
          'f:parts': { 'k:{"id":"a"}': { '.': {}, 'f:id': {}, 'f:size': {} } },
          'f:size': {},
          'f:tags': { 'v:"x"': {} },
        },
      });
      const again = await on.client.send('PATCH', `${path}?fieldManager=fairlead`, config, APPLY);
      expect(versionOf(again.body)).toBe(versionOf(reply.body));
      const more = kind.object('w', { parts: [{ id: 'b', size: 2 }] });
      const both = await on.client.send('PATCH', `${path}?fieldManager=other`, more, APPLY);
      expect(valueAt(both.body, 'spec', 'parts')).toEqual([
        { id: 'a', size: 1 },
        { id: 'b', size: 2 },
      ]);
      await kind.remove();
    },
  },
  {
    name: 'the status of a custom object changes by its subresource alone and keeps the generation',
    run: async (on) => {
      const kind = await defineKind(on, 'Gadget');
      const path = `${kind.collection}/g`;
      await on.client.send('POST', kind.collection, {
        ...kind.object('g', { size: 1 }),
        status: { phase: 'Early' },
      });
      const merge = { type: 'application/merge-patch+json' };
      const main = await on.client.send(
        'PATCH',
        path,
        { status: { phase: 'Wrong' }, spec: { size: 2 } },
        merge,
      );
      expect(main.body).toMatchObject({ spec: { size: 2 }, metadata: { generation: 2 } });
      expect(main.body).not.toHaveProperty('status');
      const patch = { status: { phase: 'Right' }, spec: { size: 9 } };
      const status = await on.client.send('PATCH', `${path}/status`, patch, merge);
      expect(status.body).toMatchObject({
        spec: { size: 2 },
        status: { phase: 'Right' },
        metadata: { generation: 2 },
      });
      await kind.remove();
    },
  },
  {
    name: 'a definition that is deleted takes its objects and its kind along',
    run: async (on) => {
      const kind = await defineKind(on, 'Passing');
      await on.client.send('POST', kind.collection, kind.object('p', {}));
      await kind.remove();
      const isGone = async () => (await on.client.send('GET', `${kind.collection}/p`)).status === 404;
      await until('its objects to be gone', isGone, { timeoutMs: 30_000 });
      const isUnserved = async () => {
        const { status, body } = await on.client.send('GET', kind.definition);
        return status === 404 && body['reason'] === 'NotFound';
      };
      await until('the definition to be gone', isUnserved, { timeoutMs: 30_000 });
    },
  },
  {
    name: 'a Deployment becomes available through a ReplicaSet and pods that name their owners',
    run: async (on) => {
      await on.applied('apps/v1/deployments/web', deployment('web', { replicas: 2 }));
      const ready = await on.object(
        'apps/v1/deployments/web',
        'ready',
        (object) => valueAt(object, 'status', 'availableReplicas') === 2,
      );
      expect(ready['status']).toMatchObject({
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
      });
      expect(conditionOf(ready, 'Available')).toMatchObject({
        status: 'True',
        reason: 'MinimumReplicasAvailable',
      });
      const { body: sets } = await on.get('apps/v1/replicasets');
      expect(sets['items']).toMatchObject([
        { metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }] } },
      ]);
      const { body: pods } = await on.get('pods?labelSelector=app%3Dweb');
      expect(pods['items']).toMatchObject([
        { metadata: { ownerReferences: [{ kind: 'ReplicaSet' }] }, status: { phase: 'Running' } },
        { metadata: { ownerReferences: [{ kind: 'ReplicaSet' }] }, status: { phase: 'Running' } },
      ]);
      expect(entryOf(ready, 'kube-controller-manager', 'Update', 'status')?.['fieldsV1']).toMatchObject({
        'f:metadata': { 'f:annotations': { '.': {}, 'f:deployment.kubernetes.io/revision': {} } },
        'f:status': { 'f:conditions': { '.': {}, 'k:{"type":"Available"}': { '.': {}, 'f:status': {} } } },
      });
    },
  },
  {
    name: 'a new template is rolled out into a new ReplicaSet, and the old one is emptied',
    run: async (on) => {
      const path = 'apps/v1/deployments/web';
      await on.applied(path, deployment('web', { replicas: 2 }));
      await on.object(path, 'ready', (object) => valueAt(object, 'status', 'availableReplicas') === 2);
      await on.applied(path, deployment('web', { replicas: 2 }, { image: 'registry.example/web:2' }));
      const done = await on.object(path, 'rolled out', (object) => {
        const { observedGeneration, updatedReplicas, availableReplicas, replicas } = Object(object['status']);
        return observedGeneration === 2 && updatedReplicas === 2 && availableReplicas === 2 && replicas === 2;
      });
      expect(conditionOf(done, 'Progressing')).toMatchObject({ status: 'True' });
      const { body: sets } = await on.get('apps/v1/replicasets');
      const replicas = objectsOf(sets['items']).map((set) => valueAt(set, 'spec', 'replicas'));
      expect(replicas).toHaveLength(2);
      expect(new Set(replicas)).toEqual(new Set([0, 2]));
    },
  },
  {
    name: 'a pod that is deleted is replaced, and deleting the Deployment removes all of them',
    run: async (on) => {
      const path = 'apps/v1/deployments/web';
      await on.applied(path, deployment('web', { replicas: 1 }));
      await on.object(path, 'ready', (object) => valueAt(object, 'status', 'readyReplicas') === 1);
      const [name = ''] = await podNames(on, 'web');
      await on.remove(`pods/${name}`);
      await until('another pod', async () => (await podNames(on, 'web')).some((other) => other !== name), {
        timeoutMs: 30_000,
      });
      await on.remove(`${path}?propagationPolicy=Background`);
      const isEmpty = async () =>
        (await podNames(on, 'web')).length === 0 &&
        namesOf((await on.get('apps/v1/replicasets')).body).length === 0;
      await until('pods and ReplicaSets to be gone', isEmpty, { timeoutMs: 60_000 });
    },
  },
  {
    name: 'a StatefulSet numbers its pods and becomes ready',
    run: async (on) => {
      const spec = {
        replicas: 2,
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template: podTemplate('db'),
      };
      await on.applied('apps/v1/statefulsets/db', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec,
      });
      const ready = await on.object(
        'apps/v1/statefulsets/db',
        'ready',
        (object) => valueAt(object, 'status', 'readyReplicas') === 2,
      );
      expect(ready['status']).toMatchObject({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
      expect(await podNames(on, 'db')).toEqual(['db-0', 'db-1']);
    },
  },
  {
    name: 'a DaemonSet runs one pod on each node',
    run: async (on) => {
      const spec = { selector: { matchLabels: { app: 'log' } }, template: podTemplate('log') };
      await on.applied('apps/v1/daemonsets/log', {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'log' },
        spec,
      });
      const ready = await on.object(
        'apps/v1/daemonsets/log',
        'ready',
        (object) => valueAt(object, 'status', 'numberAvailable') === 1,
      );
      expect(ready['status']).toMatchObject({
        desiredNumberScheduled: 1,
        numberReady: 1,
        updatedNumberScheduled: 1,
        observedGeneration: 1,
      });
    },
  },
  {
    name: 'a Job runs to completion',
    run: async (on) => {
      const template = {
        spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'registry.example/work:1' }] },
      };
      const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work' }, spec: { template } };
      await on.applied('batch/v1/jobs/work', job);
      const done = await on.object(
        'batch/v1/jobs/work',
        'complete',
        (object) => conditionOf(object, 'Complete')['status'] === 'True',
      );
      expect(done['status']).toMatchObject({ succeeded: 1, completionTime: expect.stringMatching(/Z$/) });
      const { body } = await on.apply('batch/v1/jobs/work', job);
      expect(versionOf(body)).toBe(versionOf(await on.read('batch/v1/jobs/work')));
    },
  },
];
