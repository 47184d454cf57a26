// What the agent's chart renders, by the real helm, and what it refuses.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { STATE_SECRET } from '../../agent/src/hub/state-secret.ts';
import { readConfig } from '../../agent/src/config.ts';
import { installCommand } from '../../src/clusters/domain/install-command.ts';
import { AGENT_CHART, helm, renderAgentChart, settings } from '../support/helm.ts';
import { describeWithTool } from '../support/missing.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly [kind: string]: unknown }[];
  readonly [field: string]: unknown;
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly strategy: object;
  readonly template: { readonly spec: PodSpec };
}

const needed = { 'hub.url': 'https://hub.example.com', 'join.token': 'fl_join_secret' };
const ALL = ['*'];
const ANYTHING = { apiGroups: ALL, resources: ALL, verbs: ALL };

const named = (objects: readonly KubernetesObject[]) =>
  objects
    .map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join('/'))
    .sort();
const found = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject => {
  const object = objects.find((each) => each.kind === kind && each.metadata.name === name);
  if (!object) throw new Error(`no ${kind} ${name} among ${named(objects).join(', ')}`);
  return object;
};
const rulesOf = (objects: readonly KubernetesObject[], kind: string, name: string) =>
  found(objects, kind, name)['rules'] as readonly Rule[];
const deploymentOf = (objects: readonly KubernetesObject[]): DeploymentSpec => {
  const spec: unknown = found(objects, 'Deployment', 'fairlead-agent')['spec'];
  return spec as DeploymentSpec;
};
const environmentOf = (objects: readonly KubernetesObject[]) =>
  Object.fromEntries(
    deploymentOf(objects).template.spec.containers[0].env.map(({ name, value, valueFrom }) => [
      name,
      value ?? valueFrom,
    ]),
  );

describeWithTool('helm', "the agent's chart", () => {
  it('passes helm lint with the two values that it needs', async () => {
    expect(await helm('lint', '--strict', AGENT_CHART, ...settings(needed))).toContain('0 chart(s) failed');
  });

  const renderLine = (clusterName: string): Promise<string> => {
    const line = installCommand({ hubUrl: 'https://hub.example.com', token: 'fl_join_secret', clusterName });
    const words = line.replace(' helm/agent ', ` ${AGENT_CHART} `).split(' ').slice(2);
    return helm('template', ...words.filter((word) => word !== '--create-namespace'));
  };

  it('renders the line that the hub prints for a join token', async () => {
    expect(await renderLine('edge-1')).toContain('kind: Deployment');
  });

  it('refuses that line while it holds the place of a name instead of a name', async () => {
    await expect(renderLine('edge-*')).rejects.toThrow(/clusterName.*CLUSTER-NAME/);
  });

  it('makes these things by default and no others', async () => {
    expect(named(await renderAgentChart(needed))).toEqual([
      'ClusterRole/fairlead-agent',
      'ClusterRole/fairlead-agent-identity',
      'ClusterRoleBinding/fairlead-agent',
      'ClusterRoleBinding/fairlead-agent-identity',
      'Deployment/fairlead-agent/fairlead-agent',
      'Role/fairlead-agent/fairlead-agent',
      'RoleBinding/fairlead-agent/fairlead-agent',
      'Secret/fairlead-agent/fairlead-agent-join',
      'ServiceAccount/fairlead-agent/fairlead-agent',
    ]);
  });

  it("never owns the Secret that is the cluster's identity", async () => {
    const objects = await renderAgentChart(needed);
    const secrets = objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    expect(secrets).not.toContain(STATE_SECRET);
    await expect(
      renderAgentChart({ 'hub.url': 'https://h', 'join.existingSecret': STATE_SECRET }),
    ).rejects.toThrow(/join\/existingSecret/);
  });

  it('runs one pod that may do nothing on its node', async () => {
    const { replicas, strategy, template } = deploymentOf(await renderAgentChart(needed));
    expect({ replicas, strategy }).toEqual({ replicas: 1, strategy: { type: 'Recreate' } });
    const { containers, ...pod } = template.spec;
    expect(pod).toMatchObject({
      serviceAccountName: 'fairlead-agent',
      automountServiceAccountToken: true,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(field);
    expect(containers).toHaveLength(1);
    expect(containers[0]).toMatchObject({
      image: 'fairlead/agent:0.1.0',
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      livenessProbe: { httpGet: { path: '/healthz' } },
      readinessProbe: { httpGet: { path: '/readyz' } },
    });
    const account = found(await renderAgentChart(needed), 'ServiceAccount', 'fairlead-agent');
    expect(account['automountServiceAccountToken']).toBe(false);
  });

  it('keeps the token out of everything but a Secret', async () => {
    const objects = await renderAgentChart(needed);
    const others = objects.filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify(others)).not.toContain('fl_join_secret');
    expect(environmentOf(objects)['FAIRLEAD_JOIN_TOKEN']).toEqual({
      secretKeyRef: { name: 'fairlead-agent-join', key: 'token', optional: true },
    });
    const existing = await renderAgentChart({
      'hub.url': 'https://h',
      'join.existingSecret': 'vault',
      'join.existingSecretKey': 'fairlead',
    });
    expect(existing.some(({ kind }) => kind === 'Secret')).toBe(false);
    expect(environmentOf(existing)['FAIRLEAD_JOIN_TOKEN']).toMatchObject({
      secretKeyRef: { name: 'vault', key: 'fairlead' },
    });
  });

  it('gives the agent settings that it reads', async () => {
    const objects = await renderAgentChart({
      ...needed,
      'hub.url': 'http://hub.internal',
      'hub.insecure': true,
      clusterName: 'edge-1',
      'rbac.mode': 'namespaces',
      'rbac.namespaces': ['shop', 'team'],
      logLevel: 'debug',
      'proxy.https': 'http://proxy:3128',
      'proxy.noProxy': '.internal',
      extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/ca.crt' }],
    });
    const environment = environmentOf(objects);
    expect(environment).toMatchObject({
      NO_PROXY: '$(KUBERNETES_SERVICE_HOST),.internal',
      HTTPS_PROXY: 'http://proxy:3128',
      NODE_EXTRA_CA_CERTS: '/etc/ca.crt',
      FAIRLEAD_NAMESPACE: { fieldRef: { fieldPath: 'metadata.namespace' } },
    });
    const texts = Object.entries(environment).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    expect(readConfig(Object.fromEntries(texts))).toMatchObject({
      clusterName: 'edge-1',
      namespaces: ['shop', 'team'],
      bundleDirectory: '/var/lib/fairlead/bundles',
      logLevel: 'debug',
      port: 8081,
    });
  });

  it("shows the agent a private authority's certificates, its own or those of a ConfigMap", async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const given = await renderAgentChart({ ...needed, 'hub.ca.certificates': pem });
    expect(found(given, 'ConfigMap', 'fairlead-agent-hub-ca')['data']).toEqual({ 'ca.crt': pem });
    const existing = await renderAgentChart({
      ...needed,
      'hub.ca.existingConfigMap': 'ours',
      'hub.ca.key': 'root.pem',
    });
    expect(existing.some(({ kind }) => kind === 'ConfigMap')).toBe(false);
    expect(environmentOf(existing)['FAIRLEAD_HUB_CA']).toBe('/etc/fairlead/hub-ca/root.pem');
    const { volumes, containers } = deploymentOf(existing).template.spec;
    expect(volumes).toContainEqual({ name: 'hub-ca', configMap: { name: 'ours' } });
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'hub-ca',
      mountPath: '/etc/fairlead/hub-ca',
      readOnly: true,
    });
  });

  it('keeps bundles in memory of the node, in a claim of its own, or in one that is there', async () => {
    const volumes = async (values: object) =>
      deploymentOf(await renderAgentChart({ ...needed, ...values })).template.spec.volumes;
    expect(await volumes({})).toEqual([{ name: 'bundles', emptyDir: {} }]);
    expect(await volumes({ 'persistence.enabled': true })).toEqual([
      { name: 'bundles', persistentVolumeClaim: { claimName: 'fairlead-agent-bundles' } },
    ]);
    expect(await volumes({ 'persistence.enabled': true, 'persistence.existingClaim': 'mine' })).toEqual([
      { name: 'bundles', persistentVolumeClaim: { claimName: 'mine' } },
    ]);
  });

  it('places the pod and pulls its image as it is told', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { containers, ...pod } = deploymentOf(
      await renderAgentChart({
        ...needed,
        'image.repository': 'registry.example:5000/fleet/agent',
        'image.digest': digest,
        'image.pullSecrets': ['registry'],
        tolerations: [{ operator: 'Exists' }],
        nodeSelector: { pool: 'system' },
        runAsUser: null,
      }),
    ).template.spec;
    expect(containers[0].image).toBe(`registry.example:5000/fleet/agent@${digest}`);
    expect(pod).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      tolerations: [{ operator: 'Exists' }],
      nodeSelector: { pool: 'system' },
    });
    expect(pod['securityContext']).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });
});

describeWithTool('helm', "the rights that the agent's chart gives", () => {
  it('are everything in mode cluster', async () => {
    const objects = await renderAgentChart(needed);
    expect(rulesOf(objects, 'ClusterRole', 'fairlead-agent')).toContainEqual(ANYTHING);
  });

  it('let checks make Jobs in a namespace of their own, as nobody, once somebody wants that', async () => {
    const values = {
      ...needed,
      'rbac.mode': 'namespaces',
      'rbac.namespaces': ['shop'],
      'checks.enabled': true,
    };
    const objects = await renderAgentChart(values);
    expect(named(objects).filter((name) => name.includes('check'))).toEqual([
      'Namespace/fairlead-checks',
      'Role/fairlead-checks/fairlead-agent-checks',
      'RoleBinding/fairlead-checks/fairlead-agent-checks',
      'ServiceAccount/fairlead-checks/fairlead-check',
    ]);
    expect(rulesOf(objects, 'Role', 'fairlead-agent-checks')).toEqual([
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'create'] },
    ]);
    expect(environmentOf(objects)).toMatchObject({
      FAIRLEAD_CHECK_NAMESPACE: 'fairlead-checks',
      FAIRLEAD_CHECK_SERVICE_ACCOUNT: 'fairlead-check',
    });
  });

  it('are everything in a few namespaces, and beside them only the identity of the cluster', async () => {
    const values = { ...needed, 'rbac.mode': 'namespaces', 'rbac.namespaces': ['shop', 'team'] };
    const objects = await renderAgentChart(values);
    expect(named(objects).filter((name) => name.includes('Role'))).toEqual([
      'ClusterRole/fairlead-agent-identity',
      'ClusterRoleBinding/fairlead-agent-identity',
      'Role/fairlead-agent/fairlead-agent',
      'Role/shop/fairlead-agent-work',
      'Role/team/fairlead-agent-work',
      'RoleBinding/fairlead-agent/fairlead-agent',
      'RoleBinding/shop/fairlead-agent-work',
      'RoleBinding/team/fairlead-agent-work',
    ]);
    expect(rulesOf(objects, 'Role', 'fairlead-agent-work')).toEqual([ANYTHING]);
    const identity = rulesOf(objects, 'ClusterRole', 'fairlead-agent-identity');
    expect(identity).toEqual([
      { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
      { nonResourceURLs: ['/version', '/api', '/api/*', '/apis', '/apis/*'], verbs: ['get'] },
    ]);
    expect(rulesOf(objects, 'Role', 'fairlead-agent')).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
      },
    ]);
  });

  it('are to look and to take on ServiceAccounts in mode impersonation', async () => {
    const rules = [
      { apiGroups: ALL, resources: ALL, verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
    ];
    const everywhere = await renderAgentChart({ ...needed, 'rbac.mode': 'impersonation' });
    expect(rulesOf(everywhere, 'ClusterRole', 'fairlead-agent')).toEqual(rules);
    const bounded = { ...needed, 'rbac.mode': 'impersonation', 'rbac.namespaces': ['shop'] };
    const objects = await renderAgentChart(bounded);
    expect(rulesOf(objects, 'Role', 'fairlead-agent-work')).toEqual(rules);
    expect(named(objects)).not.toContain('ClusterRole/fairlead-agent');
    expect(environmentOf(objects)['FAIRLEAD_NAMESPACES']).toBe('shop');
  });

  it('are none where somebody else gives them', async () => {
    const objects = await renderAgentChart({
      ...needed,
      'rbac.create': false,
      'rbac.mode': 'namespaces',
      'rbac.namespaces': ['shop'],
      'serviceAccount.create': false,
      'serviceAccount.name': 'ours',
    });
    expect(named(objects)).toEqual([
      'Deployment/fairlead-agent/fairlead-agent',
      'Secret/fairlead-agent/fairlead-agent-join',
    ]);
    expect(deploymentOf(objects).template.spec['serviceAccountName']).toBe('ours');
  });
});

describeWithTool('helm', "the agent's chart refuses", () => {
  it.each([
    ['no hub', { 'hub.url': '' }, /hub\/url/],
    ['an address that is none', { 'hub.url': 'hub.example.com' }, /hub\/url/],
    ['a password in the address', { 'hub.url': 'https://me:secret@hub' }, /hub\/url/],
    ['plain HTTP over a network', { 'hub.url': 'http://hub.example.com' }, /insecure/],
    ['a token that is none', { 'join.token': 'abc' }, /join\/token/],
    ['two tokens', { 'join.existingSecret': 'other' }, /join/],
    ['a misspelt value', { 'hub.uri': 'https://h' }, /uri/],
    ['an unknown mode', { 'rbac.mode': 'admin' }, /rbac\/mode/],
    ['mode namespaces without any', { 'rbac.mode': 'namespaces' }, /rbac\/namespaces/],
    ['namespaces that mode cluster would ignore', { 'rbac.namespaces': ['shop'] }, /rbac\/namespaces/],
    ['root', { runAsUser: 0 }, /runAsUser/],
    ['more replicas', { replicas: 2 }, /replicas/],
    ['a log level that there is not', { logLevel: 'loud' }, /logLevel/],
    [
      'to have its own settings overruled',
      { extraEnv: [{ name: 'FAIRLEAD_HUB_URL', value: 'x' }] },
      /extraEnv/,
    ],
    ['authorities that are no certificates', { 'hub.ca.certificates': 'abc' }, /certificates/],
    ['no ServiceAccount at all', { 'serviceAccount.create': false }, /serviceAccount/],
    [
      'to work where its identity is kept',
      { 'rbac.mode': 'namespaces', 'rbac.namespaces': ['fairlead-agent'] },
      /keeps its own identity/,
    ],
    [
      "checks in the agent's own namespace",
      { 'checks.enabled': true, 'checks.namespace': 'fairlead-agent' },
      /give checks a namespace of their own/,
    ],
    [
      "checks in an application's namespace",
      {
        'checks.enabled': true,
        'checks.namespace': 'shop',
        'rbac.mode': 'namespaces',
        'rbac.namespaces': ['shop'],
      },
      /give checks a namespace of their own/,
    ],
  ])('%s', async (_what, values, complaint) => {
    await expect(renderAgentChart({ ...needed, ...values })).rejects.toThrow(complaint);
  });

  it('to be installed without a token, and says how to get one; but not to be upgraded', async () => {
    const withoutToken = { 'hub.url': 'https://hub.example.com' };
    await expect(renderAgentChart(withoutToken)).rejects.toThrow(/createJoinToken/);
    expect(named(await renderAgentChart(withoutToken, '--is-upgrade'))).toContain(
      'Deployment/fairlead-agent/fairlead-agent',
    );
  });
});

describeWithTool('helm', "the agent's chart and the project", () => {
  it('are of one version', async () => {
    const { version } = JSON.parse(readFileSync(`${AGENT_CHART}/../../agent/package.json`, 'utf8')) as {
      version: string;
    };
    const chart = readFileSync(`${AGENT_CHART}/Chart.yaml`, 'utf8');
    expect(chart).toContain(`\nversion: ${version}\n`);
    expect(chart).toContain(`\nappVersion: ${version}\n`);
  });
});
