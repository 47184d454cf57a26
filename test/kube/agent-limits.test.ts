// The engine where it may not do everything, and where a part of the API is away.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { describeOnKube } from '../support/missing.ts';
import { until } from '../support/until.ts';
import { EngineHarness, type EngineLimits } from './engine-harness.ts';
import { configMap, deployment, inNamespace, service } from './engine-objects.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

describeOnKube('an agent within limits', () => {
  let plane: ControlPlane;
  const started: EngineHarness[] = [];

  const start = async (limits: EngineLimits): Promise<EngineHarness> => {
    const harness = await new EngineHarness(plane, limits).start();
    started.push(harness);
    return harness;
  };

  /** A service account that may do what these rules say, and keep inventories. */
  const tokenWith = async (name: string, rules: readonly object[], namespace?: string): Promise<string> => {
    const subjects = [{ kind: 'ServiceAccount', name, namespace: 'default' }];
    const bind = async (space: string, role: string, of: readonly object[]) => {
      const place = `${RBAC}/namespaces/${space}`;
      await plane.api('POST', `${place}/roles`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: role },
        rules: of,
      });
      await plane.api('POST', `${place}/rolebindings`, {
        metadata: { name: role },
        subjects,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
      });
    };
    await plane.api('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
    await plane.api('POST', '/api/v1/namespaces', { metadata: { name: 'fairlead-agent' } });
    await bind('fairlead-agent', name, [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }]);
    if (namespace) await bind(namespace, name, rules);
    else {
      await plane.api('POST', `${RBAC}/clusterroles`, { metadata: { name }, rules });
      await plane.api('POST', `${RBAC}/clusterrolebindings`, {
        metadata: { name },
        subjects,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      });
    }
    const answer = await plane.api<{ status: { token: string } }>(
      'POST',
      `/api/v1/namespaces/default/serviceaccounts/${name}/token`,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    );
    return answer.body.status.token;
  };

  beforeAll(async () => {
    [plane] = await startControlPlanes(['limits']);
  });
  afterAll(async () => {
    for (const harness of started) await harness.stop();
    await plane?.stop();
  });

  it('names verb, resource and rule for what it may not write, and goes on with the rest', async () => {
    const token = await tokenWith('reader', [
      { apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch'] },
    ]);
    const harness = await start({ token });
    harness.order('limited', {
      objects: [deployment('limited', 'registry.example/a:1'), configMap('limited')],
    });
    const seen = await harness.observed('limited', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toBe(
      'Deployment/default/limited: FORBIDDEN: the agent may not patch deployments.apps in namespace default; ' +
        'add to its role: {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create", "patch"]}',
    );
    expect((await plane.api('GET', '/api/v1/namespaces/default/configmaps/limited')).status).toBe(200);
  });

  it('names what it may not watch', async () => {
    const token = await tokenWith('blind', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }]);
    const harness = await start({ token });
    harness.order('blind', { objects: [service('blind'), configMap('seen')] });
    const seen = await harness.observed('blind', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toMatch(/^Service\/default\/blind: FORBIDDEN: the agent may not list services;/);
    expect((await plane.api('GET', '/api/v1/namespaces/default/configmaps/seen')).status).toBe(200);
  });

  it('names the right to write as a ServiceAccount where it is missing', async () => {
    const token = await tokenWith('itself', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }]);
    const harness = await start({ token });
    harness.order('asteam', { objects: [configMap('asteam')], serviceAccountName: 'deployer' });
    const seen = await harness.observed('asteam', 'is FAILED', (now) => now.sync === 'FAILED');
    expect(seen.message).toBe(
      'ConfigMap/default/asteam: FORBIDDEN: the agent may not impersonate serviceaccounts in namespace default; ' +
        'add to its role: {"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]}',
    );
    expect((await plane.api('GET', '/api/v1/namespaces/default/configmaps/asteam')).status).toBe(404);
  });

  it('works with rights in a few namespaces when it is told them', async () => {
    await plane.api('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
    const token = await tokenWith(
      'team',
      [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }],
      'team',
    );
    const harness = await start({ token, namespaces: ['team'] });
    harness.order('team', { objects: [configMap('team', { a: '1' })], namespace: 'team' });
    await harness.synced('team');
    const path = '/api/v1/namespaces/team/configmaps/team';
    await plane.api(
      'PATCH',
      `${path}?fieldManager=kubectl-edit`,
      { data: { a: 'x' } },
      'application/merge-patch+json',
    );
    await until(
      'healed',
      async () => JSON.stringify((await plane.api('GET', path)).body['data']) === '{"a":"1"}',
    );
  });

  it('keeps in mind what it applied where it may not work any more, and prunes it once it may again', async () => {
    await plane.api('POST', '/api/v1/namespaces', { metadata: { name: 'near' } });
    await plane.api('POST', '/api/v1/namespaces', { metadata: { name: 'far' } });
    const inFar = () => plane.api('GET', '/api/v1/namespaces/far/configmaps/leaving');
    const staying = ['a', 'b'].map((name) => inNamespace(configMap(name), 'near'));
    const harness = await start({});
    harness.order('bounds', { objects: [...staying, inNamespace(configMap('leaving'), 'far')] });
    await harness.synced('bounds');
    await harness.crashAndRestart({ namespaces: ['near'] });
    harness.order('bounds', { objects: staying });
    await harness.synced('bounds');
    expect((await inFar()).status).toBe(200);
    await harness.crashAndRestart({});
    await until('what left Git is gone', async () => (await inFar()).status === 404);
  });

  it('goes on with other kinds while an aggregated API is away', async () => {
    const broken = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.away.example' },
      spec: {
        group: 'away.example',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name: 'nobody', namespace: 'default' },
        insecureSkipTLSVerify: true,
      },
    };
    await plane.api('POST', '/apis/apiregistration.k8s.io/v1/apiservices', broken);
    await until(
      'the group answers 503',
      async () => (await plane.api('GET', '/apis/away.example/v1')).status === 503,
    );
    const harness = await start({});
    const thing = { apiVersion: 'away.example/v1', kind: 'Thing', metadata: { name: 'thing' } };
    harness.order('away', { objects: [thing, inNamespace(configMap('near'), 'default')] });
    const seen = await harness.observed(
      'away',
      'waits for the group',
      (now) => now.sync === 'SYNCING' && now.objects.length === 1,
    );
    expect(seen.objects.map(({ kind, sync }) => [kind, sync])).toEqual([['Thing', 'SYNCING']]);
    expect((await plane.api('GET', '/api/v1/namespaces/default/configmaps/near')).status).toBe(200);
  });
  it('ends an instance without an inventory while an aggregated API is away, unless it uses that one', async () => {
    const harness = await start({});
    const thing = { apiVersion: 'away.example/v1', kind: 'Thing', metadata: { name: 'thing' } };
    const orders = { plain: [configMap('plain')], 'of-away': [thing, configMap('of-away')] };
    for (const [name, objects] of Object.entries(orders)) {
      const instance = harness.order(name, { objects });
      const path = `/api/v1/namespaces/default/configmaps/${name}`;
      await until(`${name} to be applied`, async () => (await plane.api('GET', path)).status === 200);
      await harness.engine.stop();
      await plane.api('DELETE', `/api/v1/namespaces/fairlead-agent/secrets/fairlead-inventory-${instance}-0`);
      harness.order(name, { tombstone: 'PRUNE' });
      await harness.crashAndRestart();
      await until(`${name} to be gone`, async () => (await plane.api('GET', path)).status === 404);
    }
    await harness.observed('plain', 'is buried', ({ sync }) => sync === 'SYNCED');
    const seen = await harness.observed('of-away', 'is in doubt', ({ message }) => message !== '');
    expect(seen.sync).toBe('SYNCING');
    expect(seen.message).toContain('the API group away.example does not answer');
  });
});
