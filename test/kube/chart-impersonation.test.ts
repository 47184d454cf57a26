// The agent's chart where the agent writes nothing by itself: every application is written as its team's ServiceAccount,
// on a real control plane.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { describeOnKube } from '../support/missing.ts';
import { doesItsJob, prepareChart, told, type ChartInstallation } from './chart-installation.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
const SHOP = '/api/v1/namespaces/shop';
const TEAM = 'system:serviceaccount:shop:deployer';
const service = (marker: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: web, labels: { marker: "${marker}" } }\n` +
  'spec: { selector: { app: web }, ports: [{ port: 80 }] }\n';

describeOnKube("the agent's chart in mode impersonation", () => {
  let plane: ControlPlane;
  let hub: TestHub;
  let chart: ChartInstallation;

  /** A role, bound to all ServiceAccounts of the namespace: so it is seen that the team's groups count, too. */
  const allowTeam = async (name: string, rule: object) => {
    await plane.api('POST', `${RBAC}/roles`, { metadata: { name }, rules: [rule] });
    await plane.api('POST', `${RBAC}/rolebindings`, {
      metadata: { name },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:serviceaccounts:shop' },
      ],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    });
  };

  const saveApplication = async (serviceAccountName: string | null) => {
    const { name, repository } = chart.world;
    const source = { repository: repository.url, ref: 'main', path: 'app' };
    await hub.graphql(
      'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { message } } }',
      { input: { name, namespace: 'shop', policy: name, source, serviceAccountName } },
    );
  };

  beforeAll(async () => {
    [plane] = await startControlPlanes(['chart-impersonation']);
    hub = await startTestHub();
    chart = await prepareChart(plane, hub, ['shop']);
    await plane.api('POST', `${SHOP}/serviceaccounts`, { metadata: { name: 'deployer' } });
    await allowTeam('configuration', {
      apiGroups: [''],
      resources: ['configmaps'],
      verbs: ['create', 'patch', 'delete'],
    });
    await chart.install({ 'rbac.mode': 'impersonation', 'rbac.namespaces': ['shop'] });
    await chart.startAgent();
  });
  afterAll(async () => {
    await chart?.stop();
    await hub?.stop();
    await plane?.stop();
  });

  it('writes nothing for an application that names no ServiceAccount', async () => {
    expect(await told(chart.world, /FORBIDDEN/)).toBe(
      'FAILED: ConfigMap/shop/settings: FORBIDDEN: the agent may not patch configmaps in namespace shop; ' +
        'add to its role: {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create", "patch"]}',
    );
    expect(await chart.world.settings()).toBeUndefined();
  });

  it('does its whole job as the ServiceAccount, as soon as the application names one', async () => {
    await saveApplication('deployer');
    await chart.world.synced(1);
    await doesItsJob(chart.world);
  });

  it('leaves to the agent itself no right to write', async () => {
    const change = { metadata: { name: 'settings' }, data: { text: 'mine' } };
    expect((await chart.asAgent('GET', `${SHOP}/configmaps/settings`)).status).toBe(200);
    expect((await chart.asAgent('PUT', `${SHOP}/configmaps/settings`, change)).status).toBe(403);
    expect((await chart.asAgent('DELETE', `${SHOP}/configmaps/settings`)).status).toBe(403);
    expect((await chart.asAgent('POST', '/api/v1/namespaces', { metadata: { name: 'x' } })).status).toBe(403);
  });

  it('names whose right is missing and the rule to add, and goes on once it was added', async () => {
    await chart.world.commitFiles({ 'service.yaml': service('one') });
    const message = await told(chart.world, /Service\/shop\/web/);
    expect(message).toContain(
      `FORBIDDEN: ${TEAM} may not patch services in namespace shop; add to its role: {`,
    );
    await allowTeam('services', JSON.parse(message.slice(message.indexOf('{'))) as object);
    await chart.world.synced(await chart.world.commitFiles({ 'service.yaml': service('two') }));
    expect(await chart.world.ask('GET', `${SHOP}/services/web`)).toMatchObject({
      metadata: { labels: { marker: 'two' } },
    });
  });

  it('removes only what the team may remove', async () => {
    await chart.world.commitFiles({ 'service.yaml': '' });
    expect(await told(chart.world, /cannot be removed/)).toContain(
      `Service/shop/web cannot be removed: FORBIDDEN: ${TEAM} may not delete services in namespace shop`,
    );
    expect(await chart.world.ask('GET', `${SHOP}/services/web`)).toBeDefined();
  });

  it('takes on no ServiceAccount of another namespace', async () => {
    const probe = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };
    const may = async (namespace: string) => {
      const resourceAttributes = {
        verb: 'impersonate',
        resource: 'serviceaccounts',
        namespace,
        name: 'deployer',
      };
      const { body } = await chart.asAgent<{ status: { allowed: boolean } }>(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { ...review, spec: { resourceAttributes } },
      );
      return body.status.allowed;
    };
    expect([await may('shop'), await may('kube-system'), await may('fairlead-agent')]).toEqual([
      true,
      false,
      false,
    ]);
    const who = await chart.asAgent<{ status: { userInfo: { username: string } } }>(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      probe,
    );
    expect(who.body.status.userInfo.username).toBe('system:serviceaccount:fairlead-agent:fairlead-agent');
  });
});
