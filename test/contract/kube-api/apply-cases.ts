// Server-side apply: what is written, what is left alone, and whose fields are whose. The agent's drift detection
// stands on every one of these sentences.
import { expect } from 'vitest';
import { listOf, objectAt } from '../../../sim/src/json-value.ts';
import type { Document } from './cluster-client.ts';
import type { ContractCase } from './contract-case.ts';
import {
  conditionOf,
  configMap,
  containerOf,
  deployment,
  entryOf,
  metadataOf,
  ownedBy,
  service,
  versionOf,
} from './contract-case.ts';

const DEPLOYMENT = 'apps/v1/deployments/web';

export const applyCases: readonly ContractCase[] = [
  {
    name: 'apply creates an absent object and answers 201 with its identity',
    run: async (on) => {
      const { status, body } = await on.apply('configmaps/a', configMap('a'));
      expect(status).toBe(201);
      expect(body).toMatchObject({
        kind: 'ConfigMap',
        data: { a: '1' },
        metadata: { name: 'a', namespace: on.namespace },
      });
      for (const field of ['uid', 'resourceVersion', 'creationTimestamp']) {
        expect(metadataOf(body)[field], field).toMatch(/.+/);
      }
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:data': { 'f:a': {} } });
    },
  },
  {
    name: 'applying the same again keeps resourceVersion and managedFields',
    run: async (on) => {
      const first = await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }));
      const before = await on.object(
        DEPLOYMENT,
        'rolled out',
        (object) => conditionOf(object, 'Progressing')['reason'] === 'NewReplicaSetAvailable',
      );
      const { status, body } = await on.apply(DEPLOYMENT, deployment('web', { replicas: 0 }));
      expect(status).toBe(200);
      expect(entryOf(body, 'fairlead')).toEqual(entryOf(first, 'fairlead'));
      expect(versionOf(body)).toBe(versionOf(before));
    },
  },
  {
    name: 'the entry of an applied Deployment names exactly the applied fields, list entries by their keys',
    run: async (on) => {
      const container = {
        env: [{ name: 'LEVEL', value: 'debug' }],
        ports: [{ containerPort: 8080 }],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        args: ['--verbose'],
        resources: { limits: { memory: '64Mi' } },
      };
      const body = await on.applied(DEPLOYMENT, withVolume(deployment('web', { replicas: 0 }, container)));
      expect(entryOf(body, 'fairlead')).toMatchObject({ apiVersion: 'apps/v1', fieldsType: 'FieldsV1' });
      expect(ownedBy(body, 'fairlead')).toEqual({
        'f:metadata': { 'f:labels': { 'f:app': {} } },
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:template': {
            'f:metadata': { 'f:labels': { 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"web"}': {
                  '.': {},
                  'f:args': {},
                  'f:env': { 'k:{"name":"LEVEL"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                  },
                  'f:resources': { 'f:limits': { 'f:memory': {} } },
                  'f:volumeMounts': {
                    'k:{"mountPath":"/tmp"}': { '.': {}, 'f:mountPath': {}, 'f:name': {} },
                  },
                },
              },
              'f:volumes': { 'k:{"name":"tmp"}': { '.': {}, 'f:emptyDir': {}, 'f:name': {} } },
            },
          },
        },
      });
    },
  },
  {
    name: 'a changed field is written, counts the generation up and keeps the entry',
    run: async (on) => {
      const before = await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }));
      const after = await on.applied(
        DEPLOYMENT,
        deployment('web', { replicas: 0 }, { image: 'registry.example/web:2' }),
      );
      expect(containerOf(after)).toMatchObject({ image: 'registry.example/web:2' });
      expect(metadataOf(after)['generation']).toBe(Number(metadataOf(before)['generation']) + 1);
      expect(versionOf(after)).not.toBe(versionOf(before));
      expect(ownedBy(after, 'fairlead')).toEqual(ownedBy(before, 'fairlead'));
    },
  },
  {
    name: 'a field that is no longer applied goes, and leaves what others own',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', { data: { a: '1', b: '2' } }));
      await on.merge('configmaps/a', { data: { c: '3' } });
      const after = await on.applied('configmaps/a', configMap('a', { data: { a: '1' } }));
      expect(after).toMatchObject({ data: { a: '1', c: '3' } });
      expect(after['data']).not.toHaveProperty('b');
    },
  },
  {
    name: 'the last applied label takes the whole map of labels with it',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', {}, { labels: { tier: 'web' } }));
      const after = await on.applied('configmaps/a', configMap('a', {}));
      expect(metadataOf(after)).not.toHaveProperty('labels');
    },
  },
  {
    name: 'a list entry that is no longer applied goes with what defaults put into it',
    run: async (on) => {
      const two = withSidecar(deployment('web', { replicas: 0 }));
      await on.applied(DEPLOYMENT, two);
      const after = await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }));
      expect(after).toMatchObject({ spec: { template: { spec: { containers: [{ name: 'web' }] } } } });
      expect(JSON.stringify(after)).not.toContain('sidecar');
    },
  },
  {
    name: 'a field that is no longer applied falls back to its default',
    run: async (on) => {
      await on.applied(DEPLOYMENT, deployment('web', { replicas: 0, revisionHistoryLimit: 3 }));
      const after = await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }));
      expect(after).toMatchObject({ spec: { revisionHistoryLimit: 10 } });
    },
  },
  {
    name: 'entries of a keyed list are merged by key and others keep theirs',
    run: async (on) => {
      await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }, { env: [{ name: 'A', value: '1' }] }));
      await on.strategic(DEPLOYMENT, {
        spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'B', value: '2' }] }] } } },
      });
      const after = await on.applied(
        DEPLOYMENT,
        deployment('web', { replicas: 0 }, { env: [{ name: 'A', value: '9' }] }),
      );
      const env = containerOf(after)['env'];
      expect(env).toEqual(
        expect.arrayContaining([
          { name: 'A', value: '9' },
          { name: 'B', value: '2' },
        ]),
      );
    },
  },
  {
    name: 'a list without keys is one value: applying it replaces it whole',
    run: async (on) => {
      await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }, { args: ['a', 'b'] }));
      const after = await on.applied(DEPLOYMENT, deployment('web', { replicas: 0 }, { args: ['c'] }));
      expect(containerOf(after)['args']).toEqual(['c']);
    },
  },
  {
    name: 'finalizers are a set that several managers may fill',
    run: async (on) => {
      await on.applied('configmaps/a', configMap('a', {}, { finalizers: ['example.com/one'] }));
      const both = await on.applied('configmaps/a', configMap('a', {}, { finalizers: ['example.com/two'] }), {
        manager: 'other',
      });
      expect(new Set(listOf(metadataOf(both)['finalizers']))).toEqual(
        new Set(['example.com/one', 'example.com/two']),
      );
      expect(ownedBy(both, 'other')).toEqual({
        'f:metadata': { 'f:finalizers': { 'v:"example.com/two"': {} } },
      });
      await on.merge('configmaps/a', { metadata: { finalizers: null } });
    },
  },
  {
    name: 'equal amounts in other words change nothing',
    run: async (on) => {
      const limits = (cpu: string, memory: string) => ({ resources: { limits: { cpu, memory } } });
      const first = await on.applied(
        DEPLOYMENT,
        deployment('web', { replicas: 0 }, limits('1000m', '1024Mi')),
      );
      expect(containerOf(first)['resources']).toMatchObject({ limits: { cpu: '1', memory: '1Gi' } });
      const again = await on.applied(
        DEPLOYMENT,
        deployment('web', { replicas: 0 }, limits('1000m', '1024Mi')),
      );
      expect(metadataOf(again)['generation']).toBe(metadataOf(first)['generation']);
      expect(ownedBy(again, 'fairlead')).toEqual(ownedBy(first, 'fairlead'));
    },
  },
  {
    name: 'the defaults of a Deployment are filled in and owned by nobody',
    run: async (on) => {
      const body = await on.applied(DEPLOYMENT, deployment('web'));
      expect(body['spec']).toMatchObject({
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          spec: {
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      });
      expect(containerOf(body)).toMatchObject({
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        resources: {},
      });
      expect(JSON.stringify(ownedBy(body, 'fairlead'))).not.toMatch(/replicas|strategy|imagePullPolicy/);
    },
  },
  {
    name: 'a Service gets an address and defaults, and applying it again changes nothing',
    run: async (on) => {
      const first = await on.applied('services/web', service('web', [{ port: 80 }]));
      expect(first['spec']).toMatchObject({
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ipFamilyPolicy: 'SingleStack',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      });
      expect(first['spec']).toHaveProperty('clusterIP', expect.stringMatching(/^10\.0\.\d+\.\d+$/));
      const again = await on.applied('services/web', service('web', [{ port: 80 }]));
      expect(versionOf(again)).toBe(versionOf(first));
      expect(ownedBy(again, 'fairlead')).toEqual({
        'f:spec': {
          'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
          'f:selector': {},
        },
      });
    },
  },
  {
    name: 'stringData is kept as data but owned as stringData',
    run: async (on) => {
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { key: 'value' },
      };
      const body = await on.applied('secrets/s', secret);
      expect(body).toMatchObject({ type: 'Opaque', data: { key: 'dmFsdWU=' } });
      expect(body).not.toHaveProperty('stringData');
      expect(ownedBy(body, 'fairlead')).toEqual({ 'f:stringData': { 'f:key': {} } });
    },
  },
  {
    name: 'a dry run answers with the result and writes nothing',
    run: async (on) => {
      const { status, body } = await on.apply('configmaps/a', configMap('a'), { query: '&dryRun=All' });
      expect(status).toBe(201);
      expect(body).toMatchObject({ data: { a: '1' } });
      expect((await on.get('configmaps/a')).status).toBe(404);
      const stored = await on.applied('configmaps/a', configMap('a'));
      const dry = await on.applied('configmaps/a', configMap('a', { data: { a: '2' } }), {
        query: '&dryRun=All',
      });
      expect(dry).toMatchObject({ data: { a: '2' } });
      expect(await on.read('configmaps/a')).toEqual(stored);
    },
  },
  {
    name: 'a dry run refuses what the write would refuse',
    run: async (on) => {
      const ports = [{ port: 80 }, { port: 81 }];
      const { status } = await on.apply('services/web', service('web', ports), { query: '&dryRun=All' });
      expect(status).toBe(422);
    },
  },
  {
    name: 'apply without a field manager is refused',
    run: async (on) => {
      const path = on.path('configmaps/a');
      const reply = await on.client.send('PATCH', path, configMap('a'), {
        type: 'application/apply-patch+yaml',
      });
      expect(reply).toMatchObject({
        status: 422,
        body: { reason: 'Invalid', message: expect.stringContaining('fieldManager: Required value') },
      });
    },
  },
  {
    name: 'apply refuses a configuration that carries managedFields',
    run: async (on) => {
      const stored = await on.applied('configmaps/a', configMap('a'));
      const { managedFields } = metadataOf(stored);
      const { status, body } = await on.apply(
        'configmaps/a',
        configMap('a', {}, { managedFields: managedFields ?? [] }),
      );
      expect(status).toBe(400);
      expect(body).toMatchObject({ reason: 'BadRequest', message: 'metadata.managedFields must be nil' });
    },
  },
  {
    name: 'apply with a resourceVersion that is not the stored one is a conflict',
    run: async (on) => {
      const first = await on.applied('configmaps/a', configMap('a'));
      await on.applied('configmaps/a', configMap('a', { data: { a: '2' } }));
      const stale = configMap('a', { data: { a: '3' } }, { resourceVersion: versionOf(first) });
      expect((await on.apply('configmaps/a', stale)).body).toMatchObject({ code: 409, reason: 'Conflict' });
    },
  },
  {
    name: 'applying to the object does not touch its status',
    run: async (on) => {
      const body = await on.applied(DEPLOYMENT, {
        ...deployment('web', { replicas: 0 }),
        status: { replicas: 7 },
      });
      expect(body['status']).not.toMatchObject({ replicas: 7 });
      expect(ownedBy(body, 'fairlead')).not.toHaveProperty('f:status');
    },
  },
  {
    name: 'applying to the status subresource changes the status alone',
    run: async (on) => {
      await on.applied('services/web', service('web', [{ port: 80 }]));
      const status = {
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'R',
            message: 'm',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      };
      const config = { ...service('web', [{ port: 99 }]), status };
      const body = await on.applied('services/web/status', config, { manager: 'observer' });
      expect(body).toMatchObject({
        spec: { ports: [{ port: 80 }] },
        status: { conditions: [{ type: 'Ready' }] },
      });
      expect(entryOf(body, 'observer', 'Apply', 'status')).toMatchObject({
        fieldsV1: { 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:type': {} } } } },
      });
    },
  },
];

function withVolume(workload: Document): Document {
  return withPodSpec(workload, { volumes: [{ name: 'tmp', emptyDir: {} }] });
}

function withSidecar(workload: Document): Document {
  const sidecar = { name: 'sidecar', image: 'registry.example/sidecar:1' };
  return withPodSpec(workload, { containers: [containerOf(workload), sidecar] });
}

function withPodSpec(workload: Document, change: Document): Document {
  const copy = structuredClone(workload);
  Object.assign(objectAt(copy, 'spec', 'template', 'spec'), change);
  return copy;
}
