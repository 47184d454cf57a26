// Discovery, and kubectl as a person uses it.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { valueAt } from '../../../sim/src/json-value.ts';
import type { Document } from './cluster-client.ts';
import type { ContractCase } from './contract-case.ts';
import { configMap, deployment, entryOf } from './contract-case.ts';
import { defineKind } from './custom-kind.ts';

/** Runs with the object in a file, as kubectl wants it. */
async function withFile<Result>(object: Document, use: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-contract-'));
  try {
    const file = path.join(folder, 'object.json');
    writeFileSync(file, JSON.stringify(object));
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const discoveryCases: readonly ContractCase[] = [
  {
    name: 'discovery names groups, versions, kinds, verbs and subresources',
    run: async (on) => {
      expect((await on.client.send('GET', '/api')).body).toMatchObject({
        kind: 'APIVersions',
        versions: ['v1'],
      });
      const { body: groups } = await on.client.send('GET', '/apis');
      expect(groups['groups']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'apps',
            preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
          }),
        ]),
      );
      const { body: core } = await on.client.send('GET', '/api/v1');
      expect(core).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
      expect(core['resources']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'configmaps',
            singularName: 'configmap',
            kind: 'ConfigMap',
            namespaced: true,
            shortNames: ['cm'],
            verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          }),
          expect.objectContaining({ name: 'namespaces', kind: 'Namespace', namespaced: false }),
        ]),
      );
      const { body: apps } = await on.client.send('GET', '/apis/apps/v1');
      expect(apps['resources']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'deployments/status', kind: 'Deployment' }),
          expect.objectContaining({
            name: 'deployments/scale',
            kind: 'Scale',
            group: 'autoscaling',
            version: 'v1',
          }),
        ]),
      );
    },
  },
  {
    name: 'discovery names a custom kind while it is defined',
    run: async (on) => {
      const kind = await defineKind(on, 'Known');
      const { body } = await on.client.send('GET', `/apis/${kind.apiVersion}`);
      expect(body['resources']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'knowns', kind: 'Known', namespaced: true }),
        ]),
      );
      await kind.remove();
    },
  },
  {
    name: 'the cluster has kube-system with a UID, and default',
    run: async (on) => {
      const { body } = await on.client.send('GET', '/api/v1/namespaces/kube-system');
      expect(valueAt(body, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/);
      expect((await on.client.send('GET', '/api/v1/namespaces/default')).status).toBe(200);
    },
  },
  {
    name: 'kubectl get shows objects as a table, by name and as JSON',
    run: async (on) => {
      await on.create('configmaps', configMap('shown', { data: { a: '1', b: '2' } }));
      expect(await on.kubectl('get', 'cm', 'shown')).toMatch(/^NAME +DATA +AGE\nshown +2 +\d+s\n$/);
      expect(await on.kubectl('get', 'cm', 'shown', '-o', 'name')).toBe('configmap/shown\n');
      expect(JSON.parse(await on.kubectl('get', 'cm', 'shown', '-o', 'json'))).toMatchObject({
        data: { a: '1' },
      });
    },
  },
  {
    name: 'kubectl apply --server-side creates, and applies again',
    run: async (on) => {
      await withFile(deployment('web', { replicas: 0 }), async (file) => {
        expect(await on.kubectl('apply', '--server-side', '-f', file)).toBe(
          'deployment.apps/web serverside-applied\n',
        );
        expect(await on.kubectl('apply', '--server-side', '-f', file)).toBe(
          'deployment.apps/web serverside-applied\n',
        );
      });
      expect(entryOf(await on.read('apps/v1/deployments/web'), 'kubectl')).toBeDefined();
    },
  },
  {
    name: 'kubectl scale changes replicas under its name and the subresource',
    run: async (on) => {
      await on.applied('apps/v1/deployments/web', deployment('web', { replicas: 0 }));
      await on.kubectl('scale', 'deployment/web', '--replicas=1');
      const after = await on.read('apps/v1/deployments/web');
      expect(after).toMatchObject({ spec: { replicas: 1 } });
      expect(entryOf(after, 'kubectl', 'Update', 'scale')).not.toHaveProperty('time');
    },
  },
  {
    name: 'kubectl set image changes the image under kubectl-set',
    run: async (on) => {
      await on.applied('apps/v1/deployments/web', deployment('web', { replicas: 0 }));
      await on.kubectl('set', 'image', 'deployment/web', 'web=registry.example/web:7');
      const after = await on.read('apps/v1/deployments/web');
      expect(JSON.stringify(after['spec'])).toContain('registry.example/web:7');
      expect(entryOf(after, 'kubectl-set', 'Update')).toMatchObject({ time: expect.stringMatching(/Z$/) });
    },
  },
  {
    name: 'kubectl delete removes and waits until the object is gone',
    run: async (on) => {
      await on.create('configmaps', configMap('a'));
      expect(await on.kubectl('delete', 'configmap', 'a')).toContain('configmap "a" deleted');
      expect((await on.get('configmaps/a')).status).toBe(404);
    },
  },
  {
    name: 'kubectl create makes a ConfigMap from literals',
    run: async (on) => {
      await on.kubectl('create', 'configmap', 'made', '--from-literal=a=1');
      expect(await on.read('configmaps/made')).toMatchObject({ data: { a: '1' } });
    },
  },
  {
    name: 'an apply may be written in YAML',
    run: async (on) => {
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "1"}\n';
      const url = `${on.path('configmaps/a')}?fieldManager=x`;
      const reply = await on.client.send('PATCH', url, yaml, { type: 'application/apply-patch+yaml' });
      expect(reply).toMatchObject({ status: 201, body: { data: { a: '1' } } });
    },
  },
];
