// The agent's chart installed on a control plane by the real helm, and the agent run as its pod would run it: with the
// environment that the Deployment gives and the token of its ServiceAccount alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentProcess } from '../support/agent-process.ts';
import { startAgentWorld, type AgentWorld, type WorldHub } from '../support/agent-world.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { freePort } from '../support/free-port.ts';
import { AGENT_CHART, helm, settings } from '../support/helm.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { connectRawApi, type RawApi } from '../support/raw-api.ts';
import { until } from '../support/until.ts';

const RELEASE = 'fairlead-agent';
const AGENT_NAMESPACE = 'fairlead-agent';
const PLACEHOLDER = 'token-of-the-service-account';

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** An environment variable, as a container has it. */
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: SecretKey;
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

/** A cluster with the chart in it; `world` is its application, called like the cluster, in namespace `shop`. */
export interface ChartInstallation {
  readonly world: AgentWorld;
  /** Requests with the agent's own token and nothing more. */
  readonly asAgent: RawApi;
  /** Installs or upgrades; `hub.url` and, where not given otherwise, the join token are filled in. */
  install(values?: Readonly<Record<string, unknown>>): Promise<void>;
  /** As `helm upgrade --reuse-values`. */
  upgrade(values: Readonly<Record<string, unknown>>): Promise<void>;
  uninstall(): Promise<void>;
  /** Starts the agent as its pod would; the port of its health server is the second. */
  startAgent(): Promise<{ readonly agent: AgentProcess; readonly port: number }>;
  stop(): Promise<void>;
}

/** Makes the world of a cluster, its namespaces among it; nothing is installed yet. */
export async function prepareChart(
  plane: ControlPlane,
  hub: WorldHub & { readonly url: string },
  namespaces: readonly string[],
): Promise<ChartInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-chart-'));
  for (const name of namespaces) await plane.api('POST', '/api/v1/namespaces', { metadata: { name } });
  const world = await startAgentWorld(hub, hub.url, plane.name, { cluster: worldCluster(plane) });
  const helmOnPlane = (...words: readonly string[]) =>
    helm(...words, '--namespace', AGENT_NAMESPACE, '--kubeconfig', plane.kubeconfigPath);
  let token = '';
  const asAgent: RawApi = (...request) => {
    const { api, close } = connectRawApi({ server: plane.server, caPem: plane.caPem, token });
    return api<never>(...request).finally(close);
  };
  return {
    world,
    asAgent,
    install: async (values = {}) => {
      const given = { 'hub.url': hub.url, 'join.token': world.joinToken, ...values };
      await helmOnPlane('install', RELEASE, AGENT_CHART, '--create-namespace', ...settings(given));
    },
    upgrade: async (values) =>
      void (await helmOnPlane('upgrade', RELEASE, AGENT_CHART, '--reuse-values', ...settings(values))),
    uninstall: async () => void (await helmOnPlane('uninstall', RELEASE)),
    startAgent: async () => {
      const pod = await podOf(plane);
      token = await tokenOf(plane, pod.serviceAccountName);
      const kubeconfig = join(folder, 'kubeconfig');
      writeFileSync(kubeconfig, kubeconfigOf('agent', { ...plane, token }), { mode: 0o600 });
      const port = await freePort();
      const ofThisMachine = {
        KUBECONFIG: kubeconfig,
        FAIRLEAD_BUNDLE_DIR: join(folder, 'bundles'),
        FAIRLEAD_AGENT_PORT: String(port),
      };
      const environment = await environmentOf(plane, pod.containers[0].env);
      const unset = { FAIRLEAD_JOIN_TOKEN: '', FAIRLEAD_CLUSTER_NAME: '' };
      return { agent: world.start({ ...unset, ...environment, ...ofThisMachine }), port };
    },
    stop: async () => {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The world asks as administrator; its own kubeconfig is never used, and holds no token that is worth anything. */
function worldCluster(plane: ControlPlane) {
  return {
    server: plane.server,
    kubeconfig: JSON.parse(kubeconfigOf(plane.name, { ...plane, token: PLACEHOLDER })) as object,
    stop: () => Promise.resolve(),
    ask: async (method: string, path: string, body?: unknown) => {
      const answer = await plane.api(method, path, body);
      return answer.status === 404 ? undefined : answer.body;
    },
  };
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly [{ readonly env: readonly Variable[] }];
}

async function podOf(plane: ControlPlane): Promise<PodSpec> {
  const path = `/apis/apps/v1/namespaces/${AGENT_NAMESPACE}/deployments/${RELEASE}`;
  const { body } = await plane.api<{ spec: { template: { spec: PodSpec } } }>('GET', path);
  return body.spec.template.spec;
}

async function tokenOf(plane: ControlPlane, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${AGENT_NAMESPACE}/serviceaccounts/${account}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status, body } = await plane.api<{ status: { token: string } }>('POST', path, request);
  if (status !== 201) throw new Error(`no token for ${account}: ${JSON.stringify(body)}`);
  return body.status.token;
}

/** What the kubelet makes of the variables; an optional Secret that is not there leaves its variable out. */
async function environmentOf(
  plane: ControlPlane,
  variables: readonly Variable[],
): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const variable of variables) {
    const value = await valueOf(plane, variable);
    if (value !== undefined) environment[variable.name] = value;
  }
  return environment;
}

async function valueOf(plane: ControlPlane, { value, valueFrom }: Variable): Promise<string | undefined> {
  if (value !== undefined) return value.replace('$(KUBERNETES_SERVICE_HOST)', new URL(plane.server).hostname);
  if (valueFrom?.fieldRef?.fieldPath === 'metadata.namespace') return AGENT_NAMESPACE;
  return valueFrom?.secretKeyRef && secretText(plane, valueFrom.secretKeyRef);
}

async function secretText(plane: ControlPlane, { name, key }: SecretKey): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${AGENT_NAMESPACE}/secrets/${name}`;
  const { body } = await plane.api<{ data?: Record<string, string> }>('GET', path);
  const encoded = body.data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Waits until the instance of the world's application says so: `FAILED: ConfigMap/…`. */
export function told(world: AgentWorld, pattern: RegExp): Promise<string> {
  return until(
    `${world.name} says ${String(pattern)}`,
    async () => {
      const instance = await world.instance();
      const text = `${instance?.sync ?? 'nothing'}: ${instance?.message ?? ''}`;
      if (pattern.test(text)) return text;
      throw new Error(text);
    },
    { timeoutMs: 30_000 },
  );
}

/** The agent's whole job: what Git says is there, comes back when it is deleted, and goes when Git says so. */
export async function doesItsJob(world: AgentWorld): Promise<void> {
  const extra = (name: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { of: "${name}" }\n`;
  await world.synced(await world.commitFiles({ 'extra.yaml': extra('first'), 'more.yaml': extra('second') }));
  await world.removeSettings();
  await until('the deleted object is back', async () => (await world.text()) !== undefined);
  await world.synced(await world.commitFiles({ 'more.yaml': extra('third') }));
  const path = '/api/v1/namespaces/shop/configmaps';
  const [second, third] = [await world.ask('GET', `${path}/second`), await world.ask('GET', `${path}/third`)];
  if (second !== undefined || third === undefined)
    throw new Error('what left Git is still there, or what came is not');
}
