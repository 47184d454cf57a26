// One cluster with an agent, enrolled at a hub through a link that can fail, and an application of its own that runs
// there alone: what the agent's end-to-end tests share. Everything is called by the world's name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { startAgentProcess, type AgentProcess } from './agent-process.ts';
import { makeRepository, type TestRepository } from './git-repository.ts';
import type { TestHub } from './hub.ts';
import { until } from './until.ts';

/** The state of the cluster's one instance, as the hub tells it. */
export interface InstanceView {
  readonly sync: string;
  readonly health: string;
  readonly message: string | null;
  readonly observedRelease: { readonly number: number } | null;
}

/** A cluster, its application, its folder on disk, and the agents that were started in it. */
export interface AgentWorld {
  readonly name: string;
  /** Commits the application's one object, a ConfigMap `settings` that says `text`, and waits for the release. */
  commit(text: string): Promise<number>;
  /** What the ConfigMap in the cluster says; `undefined` where there is none. */
  text(): Promise<string | undefined>;
  /** Starts an agent; `changed` add to or, with an empty text, take away from the usual ones. */
  start(changed?: Readonly<Record<string, string>>): AgentProcess;
  settings(): Promise<KubernetesObject | undefined>;
  removeSettings(): Promise<void>;
  connectionState(): Promise<string | undefined>;
  instance(): Promise<InstanceView | undefined>;
  /** Waits until the instance is SYNCED and HEALTHY at that release. */
  synced(release: number): Promise<void>;
  stop(): Promise<void>;
}

const JOIN_TOKEN = /* GraphQL */ `
  mutation ($input: CreateJoinTokenInput!) {
    createJoinToken(input: $input) {
      secret
    }
  }
`;

const CLUSTER = /* GraphQL */ `
  query ($name: String!) {
    cluster(name: $name) {
      connectionState
      instances(first: 1) {
        edges {
          node {
            sync
            health
            message
            observedRelease {
              number
            }
          }
        }
      }
    }
  }
`;

const DESCRIBE = /* GraphQL */ `
  mutation (
    $environment: EnvironmentInput!
    $policy: PolicyInput!
    $repository: RepositoryInput!
    $application: ApplicationInput!
  ) {
    saveEnvironment(input: $environment) {
      refusal {
        message
      }
    }
    savePolicy(input: $policy) {
      refusal {
        message
      }
    }
    saveRepository(input: $repository) {
      refusal {
        message
      }
    }
    saveApplication(input: $application) {
      refusal {
        message
      }
    }
  }
`;

const REFRESH = /* GraphQL */ `
  mutation ($name: String!) {
    refreshApplication(name: $name) {
      refusal {
        message
      }
      application {
        latestRelease {
          number
        }
      }
    }
  }
`;

const SETTINGS = '/api/v1/namespaces/shop/configmaps/settings';

interface ClusterAnswer {
  readonly cluster: {
    readonly connectionState: string;
    readonly instances: { readonly edges: readonly { readonly node: InstanceView }[] };
  } | null;
}

/** A simulated cluster with release 1 of its application waiting, and a join token for one use; no agent runs yet. */
export async function startAgentWorld(hub: TestHub, hubUrl: string, name: string): Promise<AgentWorld> {
  const cluster = await startSimulatedCluster({ name });
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-agent-world-'));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(cluster.kubeconfig));
  const repository = makeRepository();
  commitText(repository, 'one');
  await describeDelivery(hub, name, repository.url);
  const input = { clusterName: name, labels: { world: name } };
  const { createJoinToken } = await hub.graphql<{ createJoinToken: { secret: string } }>(JOIN_TOKEN, {
    input,
  });
  const usual = {
    FAIRLEAD_HUB_URL: hubUrl,
    FAIRLEAD_JOIN_TOKEN: createJoinToken.secret,
    FAIRLEAD_CLUSTER_NAME: name,
    FAIRLEAD_BUNDLE_DIR: join(folder, 'bundles'),
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
  return world(hub, cluster, { folder, usual, repository });
}

async function describeDelivery(hub: TestHub, name: string, url: string): Promise<void> {
  const source = { repository: url, ref: 'main', path: 'app' };
  const saved = await hub.graphql<Record<string, { refusal: { message: string } | null }>>(DESCRIBE, {
    environment: { name, selector: `world=${name}` },
    policy: { name, steps: [{ environment: name, trigger: 'AUTOMATIC' }] },
    repository: { url },
    application: { name, namespace: 'shop', policy: name, source },
  });
  const refusals = Object.values(saved).flatMap(({ refusal }) => (refusal ? [refusal.message] : []));
  if (refusals.length > 0) throw new Error(refusals.join('; '));
  await refresh(hub, name);
}

function commitText(repository: TestRepository, text: string): void {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { text: "${text}" }\n`;
  repository.commit({ 'app/settings.yaml': manifest });
}

/** The number of the newest release after the hub has looked at the repository. */
async function refresh(hub: TestHub, name: string): Promise<number> {
  const { refreshApplication } = await hub.graphql<RefreshAnswer>(REFRESH, { name });
  const { refusal, application } = refreshApplication;
  if (refusal || !application?.latestRelease) throw new Error(refusal?.message ?? `${name} has no release`);
  return application.latestRelease.number;
}

interface RefreshAnswer {
  readonly refreshApplication: {
    readonly refusal: { readonly message: string } | null;
    readonly application: { readonly latestRelease: { readonly number: number } | null } | null;
  };
}

interface Enrolment {
  readonly folder: string;
  readonly repository: TestRepository;
  readonly usual: Readonly<Record<string, string>>;
}

function world(
  hub: TestHub,
  cluster: SimulatedCluster,
  { folder, usual, repository }: Enrolment,
): AgentWorld {
  const { name } = cluster;
  const agents: AgentProcess[] = [];
  const view = async () => (await hub.graphql<ClusterAnswer>(CLUSTER, { name })).cluster;
  const settings = () => ask(cluster, 'GET', SETTINGS);
  const instance = async () => (await view())?.instances.edges[0]?.node;
  return {
    name,
    start(changed = {}) {
      const agent = startAgentProcess({ ...usual, ...changed });
      agents.push(agent);
      return agent;
    },
    commit: (text) => {
      commitText(repository, text);
      return refresh(hub, name);
    },
    settings,
    text: async () => ((await settings())?.['data'] as Record<string, string> | undefined)?.['text'],
    removeSettings: async () => void (await ask(cluster, 'DELETE', SETTINGS)),
    connectionState: async () => (await view())?.connectionState,
    instance,
    synced: async (release) => {
      const wanted = { sync: 'SYNCED', health: 'HEALTHY', observedRelease: { number: release } };
      await until(
        `${name} to run release ${release}`,
        async () => {
          const { message: _message, ...state } = (await instance()) ?? { message: null };
          if (JSON.stringify(state) === JSON.stringify(wanted)) return true;
          throw new Error(`${JSON.stringify(state)}, and the agent said:\n${agents.at(-1)?.output() ?? ''}`);
        },
        { timeoutMs: 30_000 },
      );
    },
    stop: async () => {
      await Promise.all(agents.map((agent) => agent.end('SIGKILL')));
      await cluster.stop();
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(cluster: SimulatedCluster, method: string, path: string) {
  const headers = { authorization: `Bearer ${cluster.token}` };
  const answer = await fetch(cluster.server + path, { method, headers });
  if (answer.status === 404) return undefined;
  return (await answer.json()) as KubernetesObject;
}
