// The agent's chart with nothing but the two values that it needs, on a real control plane: installed, upgraded,
// uninstalled and installed again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentProcess } from '../support/agent-process.ts';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { describeOnKube } from '../support/missing.ts';
import { until } from '../support/until.ts';
import { doesItsJob, prepareChart, type ChartInstallation } from './chart-installation.ts';

const IDENTITY = '/api/v1/namespaces/fairlead-agent/secrets/fairlead-agent';

describeOnKube("the agent's chart in mode cluster", () => {
  let plane: ControlPlane;
  let hub: TestHub;
  let chart: ChartInstallation;
  let running: AgentProcess;

  const clusterId = async () => {
    const { cluster } = await hub.graphql<{ cluster: { id: string; connectionState: string } | null }>(
      '{ cluster(name: "chart-cluster") { id connectionState } }',
    );
    return cluster?.connectionState === 'ONLINE' ? cluster.id : undefined;
  };
  const publicKey = async () => {
    const secret = await chart.world.ask('GET', IDENTITY);
    return (secret?.['data'] as Record<string, string> | undefined)?.['publicKey'];
  };

  beforeAll(async () => {
    [plane] = await startControlPlanes(['chart-cluster']);
    hub = await startTestHub();
    chart = await prepareChart(plane, hub, []);
    await chart.install();
  });
  afterAll(async () => {
    await chart?.stop();
    await hub?.stop();
    await plane?.stop();
  });

  it('joins and does its whole job, namespaces and roles included', async () => {
    const { agent, port } = await chart.startAgent();
    running = agent;
    await chart.world.synced(1);
    await doesItsJob(chart.world);
    const powerful = [
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: ClusterRole',
      'metadata: { name: shop-admin }',
      'rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]',
    ].join('\n');
    await chart.world.synced(await chart.world.commitFiles({ 'role.yaml': powerful }));
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  });

  it('keeps its identity when it is upgraded, and needs no token any more', async () => {
    const before = { id: await clusterId(), key: await publicKey() };
    await running.end();
    await chart.upgrade({ 'join.token': '', logLevel: 'info' });
    const joinSecret = '/api/v1/namespaces/fairlead-agent/secrets/fairlead-agent-join';
    expect(await chart.world.ask('GET', joinSecret)).toBeUndefined();
    running = (await chart.startAgent()).agent;
    await chart.world.synced(await chart.world.commit('after the upgrade'));
    expect({ id: await clusterId(), key: await publicKey() }).toEqual(before);
    expect(before.id).toBeDefined();
  });

  it('leaves what it applied, and its own memory, when it is uninstalled; its rights are gone', async () => {
    await running.end();
    await chart.uninstall();
    expect(await chart.world.text()).toBe('after the upgrade');
    expect(await publicKey()).toBeDefined();
    await until(
      'the token is worth nothing',
      async () => (await chart.asAgent('GET', '/api/v1/pods')).status === 401,
    );
    const { body } = await plane.api<{ items: { metadata: { name: string } }[] }>(
      'GET',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    );
    expect(body.items.filter(({ metadata }) => metadata.name.startsWith('fairlead'))).toEqual([]);
  });

  it('goes on as the same cluster when it is installed again, without a token', async () => {
    const key = await publicKey();
    await chart.install({ 'join.token': '' });
    running = (await chart.startAgent()).agent;
    await chart.world.synced(await chart.world.commit('after all'));
    expect(await publicKey()).toBe(key);
  });
});
