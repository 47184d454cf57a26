// The agent's chart where the agent may work in one namespace only, on a real control plane.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { describeOnKube } from '../support/missing.ts';
import { doesItsJob, prepareChart, told, type ChartInstallation } from './chart-installation.ts';

const object = (kind: string, name: string, namespace?: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}${namespace ? `, namespace: ${namespace}` : ''} }\n`;

describeOnKube("the agent's chart in mode namespaces", () => {
  let plane: ControlPlane;
  let hub: TestHub;
  let chart: ChartInstallation;

  beforeAll(async () => {
    [plane] = await startControlPlanes(['chart-namespaces']);
    // What failed makes room for the next commit once it has lasted; here that is soon.
    hub = await startTestHub({ FAIRLEAD_HEALTH_GRACE: '2s', FAIRLEAD_STALE_AFTER: '10s' });
    chart = await prepareChart(plane, hub, ['shop', 'other']);
    await chart.install({ 'rbac.mode': 'namespaces', 'rbac.namespaces': ['shop'] });
    await chart.startAgent();
  });
  afterAll(async () => {
    await chart?.stop();
    await hub?.stop();
    await plane?.stop();
  });

  it('joins and does its whole job in its namespace', async () => {
    await chart.world.synced(1);
    await doesItsJob(chart.world);
  });

  it('gives the agent no right beyond its namespace but the identity of the cluster', async () => {
    const statuses: Record<string, number> = {};
    for (const path of [
      '/api/v1/namespaces/shop/secrets',
      '/api/v1/namespaces/fairlead-agent/secrets',
      '/api/v1/namespaces/kube-system',
      '/api/v1/namespaces/other',
      '/api/v1/namespaces',
      '/api/v1/namespaces/other/configmaps',
      '/api/v1/namespaces/fairlead-agent/pods',
      '/api/v1/secrets',
      '/api/v1/nodes',
    ])
      statuses[path] = (await chart.asAgent('GET', path)).status;
    expect(statuses).toEqual({
      '/api/v1/namespaces/shop/secrets': 200,
      '/api/v1/namespaces/fairlead-agent/secrets': 200,
      '/api/v1/namespaces/kube-system': 200,
      '/api/v1/namespaces/other': 403,
      '/api/v1/namespaces': 403,
      '/api/v1/namespaces/other/configmaps': 403,
      '/api/v1/namespaces/fairlead-agent/pods': 403,
      '/api/v1/secrets': 403,
      '/api/v1/nodes': 403,
    });
  });

  it('shows what Git wants elsewhere as FORBIDDEN, and goes on with the rest', async () => {
    await chart.world.commitFiles({ 'elsewhere.yaml': object('ConfigMap', 'elsewhere', 'other') });
    expect(await told(chart.world, /elsewhere/)).toBe(
      'FAILED: ConfigMap/other/elsewhere: FORBIDDEN: the agent may not work in namespace other; ' +
        "add it to rbac.namespaces of the agent's chart (FAIRLEAD_NAMESPACES)",
    );
    expect(await chart.world.ask('GET', '/api/v1/namespaces/other/configmaps/elsewhere')).toBeUndefined();
    await chart.world.removeSettings();
    await expect.poll(() => chart.world.text(), { timeout: 10_000 }).toBe('one');
  });

  it('names verb, resource and rule for what belongs to the whole cluster', async () => {
    await chart.world.commitFiles({ 'elsewhere.yaml': object('Namespace', 'made') });
    expect(await told(chart.world, /Namespace/)).toBe(
      'FAILED: Namespace/made: FORBIDDEN: the agent may not list namespaces; ' +
        'add to its role: {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list", "watch"]}',
    );
    expect(await chart.world.ask('GET', '/api/v1/namespaces/made')).toBeUndefined();
  });
});
