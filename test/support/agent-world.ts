// One cluster with an agent, enrolled at a hub through a link that can fail: what the agent's end-to-end tests share.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { startAgentProcess, type AgentProcess } from './agent-process.ts';
import type { TestHub } from './hub.ts';
import { until } from './until.ts';

/** The state of the cluster's one instance, as the hub tells it. */
export interface InstanceView {
  readonly sync: string;
  readonly health: string;
  readonly message: string | null;
  readonly observedRelease: { readonly number: number } | null;
}

/** A cluster, its folder on disk, and the agents that were started in it. */
export interface AgentWorld {
  readonly name: string;
  /** Starts an agent; `settings` add to or, with an empty text, take away from the usual ones. */
  start(settings?: Readonly<Record<string, string>>): AgentProcess;
  object(path: string): Promise<KubernetesObject | undefined>;
  remove(path: string): Promise<void>;
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

interface ClusterAnswer {
  readonly cluster: {
    readonly connectionState: string;
    readonly instances: { readonly edges: readonly { readonly node: InstanceView }[] };
  } | null;
}

/** A simulated cluster and a join token for it, good for one use; no agent runs yet. */
export async function startAgentWorld(hub: TestHub, hubUrl: string, name: string): Promise<AgentWorld> {
  const cluster = await startSimulatedCluster({ name });
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-agent-world-'));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(cluster.kubeconfig));
  const input = { clusterName: name, labels: { env: 'dev' } };
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
  return world(hub, cluster, { folder, usual });
}

interface Enrolment {
  readonly folder: string;
  readonly usual: Readonly<Record<string, string>>;
}

function world(hub: TestHub, cluster: SimulatedCluster, { folder, usual }: Enrolment): AgentWorld {
  const { name } = cluster;
  const agents: AgentProcess[] = [];
  const view = async () => (await hub.graphql<ClusterAnswer>(CLUSTER, { name })).cluster;
  const instance = async () => (await view())?.instances.edges[0]?.node;
  return {
    name,
    start(settings = {}) {
      const agent = startAgentProcess({ ...usual, ...settings });
      agents.push(agent);
      return agent;
    },
    object: (path) => ask(cluster, 'GET', path),
    remove: async (path) => void (await ask(cluster, 'DELETE', path)),
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
