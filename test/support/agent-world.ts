// One cluster with an agent, enrolled at a hub through a link that can fail, and an application of its own that runs
// there alone: what the agent's end-to-end tests share. Everything is called by the world's name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { startAgentProcess, type AgentProcess } from './agent-process.ts';
import { makeRepository, type Files, type TestRepository } from './git-repository.ts';
import type { TestHub } from './hub.ts';
import { Hopeless, until } from './until.ts';

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
  readonly repository: TestRepository;
  /** The join token, which the first start of an agent uses up. */
  readonly joinToken: string;
  /** Commits the application's one object, a ConfigMap `settings` that says `text`, and waits for the release. */
  commit(text: string): Promise<number>;
  /** Commits these files of the application's folder, and waits for the release. */
  commitFiles(files: Files): Promise<number>;
  /** One request to the cluster's API server, whatever lies between it and the agent; undefined for 404. */
  ask(method: string, path: string, body?: unknown): Promise<KubernetesObject | undefined>;
  /** What the ConfigMap in the cluster says; `undefined` where there is none. */
  text(): Promise<string | undefined>;
  /** Starts an agent; `changed` add to or, with an empty text, take away from the usual ones; `preload` comes before it. */
  start(changed?: Readonly<Record<string, string>>, preload?: readonly string[]): AgentProcess;
  settings(): Promise<KubernetesObject | undefined>;
  removeSettings(): Promise<void>;
  connectionState(): Promise<string | undefined>;
  instance(): Promise<InstanceView | undefined>;
  /** Waits until the instance is SYNCED and HEALTHY at that release. */
  synced(release: number, timeoutMs?: number): Promise<void>;
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

/** A hub as far as a world needs one. */
export type WorldHub = Pick<TestHub, 'graphql'>;

/** How the agent finds its cluster, and what the first release holds beside `settings`. */
export interface WorldOptions {
  /** A cluster that is there already; a simulated one is started otherwise. */
  readonly cluster?: WorldCluster;
  /** Answers where the agent reaches the API server at that address. */
  readonly reach?: (server: string) => Promise<string>;
  readonly files?: Files;
}

/** A cluster; simulated ones and real control planes are. */
export interface WorldCluster {
  readonly server: string;
  readonly kubeconfig: object;
  ask(method: string, path: string, body?: unknown): Promise<KubernetesObject | undefined>;
  stop(): Promise<void>;
}

/** A simulated cluster with release 1 of its application waiting, and a join token for one use; no agent runs yet. */
export async function startAgentWorld(
  hub: WorldHub,
  hubUrl: string,
  name: string,
  options: WorldOptions = {},
): Promise<AgentWorld> {
  const cluster = options.cluster ?? simulated(await startSimulatedCluster({ name }));
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-agent-world-'));
  const reached = (await options.reach?.(cluster.server)) ?? cluster.server;
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify(cluster.kubeconfig).replaceAll(cluster.server, reached),
  );
  const repository = makeRepository();
  commit(repository, { ...settingsFile('one'), ...options.files });
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
  return world(hub, name, cluster, { folder, usual, repository });
}

async function describeDelivery(hub: WorldHub, name: string, url: string): Promise<void> {
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

function settingsFile(text: string): Files {
  return {
    'settings.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { text: "${text}" }\n`,
  };
}

function commit(repository: TestRepository, files: Files): void {
  repository.commit(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`app/${path}`, content])),
  );
}

/** The number of the newest release after the hub has looked at the repository. */
async function refresh(hub: WorldHub, name: string): Promise<number> {
  const { refusal, application } = await until('the hub to look', () => lookOnce(hub, name), {
    timeoutMs: 600_000,
  });
  if (refusal || !application?.latestRelease) throw new Error(refusal?.message ?? `${name} has no release`);
  return application.latestRelease.number;
}

/** Undefined where that took longer than an operation may, as a very large release does on a busy machine: the hub goes on. */
async function lookOnce(hub: WorldHub, name: string) {
  try {
    return (await hub.graphql<RefreshAnswer>(REFRESH, { name })).refreshApplication;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.startsWith('LIMIT_EXCEEDED')) return undefined;
    throw new Hopeless(reason, { cause: error });
  }
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
  hub: WorldHub,
  name: string,
  cluster: WorldCluster,
  { folder, usual, repository }: Enrolment,
): AgentWorld {
  const agents: AgentProcess[] = [];
  const view = async () => (await hub.graphql<ClusterAnswer>(CLUSTER, { name })).cluster;
  const settings = () => cluster.ask('GET', SETTINGS);
  const instance = async () => (await view())?.instances.edges[0]?.node;
  const commitFiles = (files: Files): Promise<number> => {
    commit(repository, files);
    return refresh(hub, name);
  };
  return {
    name,
    repository,
    joinToken: usual['FAIRLEAD_JOIN_TOKEN'] ?? '',
    ask: (method, path, body) => cluster.ask(method, path, body),
    start(changed = {}, preload = []) {
      const agent = startAgentProcess({ ...usual, ...changed }, preload);
      agents.push(agent);
      return agent;
    },
    commit: (text) => commitFiles(settingsFile(text)),
    commitFiles,
    settings,
    text: async () => ((await settings())?.['data'] as Record<string, string> | undefined)?.['text'],
    removeSettings: async () => void (await cluster.ask('DELETE', SETTINGS)),
    connectionState: async () => (await view())?.connectionState,
    instance,
    synced: async (release, timeoutMs = 180_000) => {
      const wanted = { sync: 'SYNCED', health: 'HEALTHY', observedRelease: { number: release } };
      await until(
        `${name} to run release ${release}`,
        async () => {
          const { message: _message, ...state } = (await instance()) ?? { message: null };
          if (JSON.stringify(state) === JSON.stringify(wanted)) return true;
          throw new Error(`${JSON.stringify(state)}, and the agent said:\n${agents.at(-1)?.output() ?? ''}`);
        },
        { timeoutMs },
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

function simulated(cluster: SimulatedCluster): WorldCluster {
  const { server, kubeconfig } = cluster;
  const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
  return {
    server,
    kubeconfig,
    stop: () => cluster.stop(),
    ask: async (method, path, body) => {
      const answer = await fetch(server + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (answer.status === 404) return undefined;
      return (await answer.json()) as KubernetesObject;
    },
  };
}
