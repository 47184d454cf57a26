// The control planes that other suites stand on: workloads run on them, they are apart, and they leave nothing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { describeOnKube } from '../support/missing.ts';
import { processesNaming } from '../support/process-list.ts';
import { connectRawApi } from '../support/raw-api.ts';
import { until } from '../support/until.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const SETTLED = { timeoutMs: 30_000 };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
    },
  },
};

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'store' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
};

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

const workFolderOf = (plane: ControlPlane) => path.dirname(path.dirname(plane.kubeconfigPath));

describeOnKube('control planes', () => {
  describe('two of them', () => {
    let one: ControlPlane;
    let two: ControlPlane;

    beforeAll(async () => {
      [one, two] = await startControlPlanes(['one', 'two']);
    });
    afterAll(() => Promise.all([one, two].map((plane) => plane.stop())));

    it('make the pods of a Deployment ready', async () => {
      expect((await one.api('POST', DEPLOYMENTS, deployment)).status).toBe(201);
      const ready = async () => {
        const { body } = await one.api<{ status: { readyReplicas?: number } }>('GET', `${DEPLOYMENTS}/web`);
        return body.status.readyReplicas === 3;
      };
      await until('three ready replicas', ready, SETTLED);
    });

    it('bind a claim to one of the volumes', async () => {
      const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
      expect((await one.api('POST', claims, claim)).status).toBe(201);
      const bound = async () =>
        (await one.api<{ status: { phase?: string } }>('GET', `${claims}/store`)).body.status.phase ===
        'Bound';
      await until('the claim to be bound', bound, SETTLED);
    });

    it('do not see what the other holds', async () => {
      await one.api('POST', CONFIG_MAPS, configMap('only-here'));
      expect((await one.api('GET', `${CONFIG_MAPS}/only-here`)).status).toBe(200);
      expect((await two.api('GET', `${CONFIG_MAPS}/only-here`)).status).toBe(404);
    });

    it('do not let in with the token of the other', async () => {
      const { api, close } = connectRawApi({ server: two.server, caPem: two.caPem, token: one.adminToken });
      expect((await api('GET', CONFIG_MAPS)).status).toBe(401);
      close();
    });

    it('keep their objects and their address over a restart of the API server', async () => {
      await two.api('POST', CONFIG_MAPS, configMap('kept'));
      await two.restartApiServer();
      expect((await two.api('GET', `${CONFIG_MAPS}/kept`)).status).toBe(200);
    });
  });

  it('go on while a neighbour is stopped, and leave no process and no file after the last stop', async () => {
    const [stays, goes] = await startControlPlanes(['stays', 'goes']);
    const folder = workFolderOf(stays);
    await goes.stop();
    expect(processesNaming(path.join(folder, 'goes'))).toEqual([]);
    expect((await stays.api('GET', '/readyz')).status).toBe(200);
    await stays.stop();
    await stays.stop();
    expect(processesNaming(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('refuse names that could reach into a neighbour', async () => {
    await expect(startControlPlanes(['a', 'a/b'])).rejects.toThrow(/a-z/);
    await expect(startControlPlanes(['a', 'a'])).rejects.toThrow(/each once/);
  });
});
