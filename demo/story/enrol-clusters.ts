// The first chapter: every cluster's agent is let in by a join token and comes online.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import { openKube } from '../clusters/open-kube.ts';
import type { HubApi } from '../hub-api.ts';
import type { Look } from '../narrator.ts';
import { agentProgram } from '../programs/agent-program.ts';
import type { Stage } from './stage.ts';

/** Starts an agent beside each cluster; one that the hub knows and that knows the hub needs no new token. */
export async function enrolClusters(stage: Stage): Promise<void> {
  const startedAt = Date.now();
  await stage.narrator.tell({
    what: 'the agents start',
    deadlineMs: stage.patienceMs,
    work: () => startAgents(stage),
  });
  for (const cluster of stage.clusters) {
    await stage.narrator.tell({
      what: `${cluster.name} comes online`,
      deadlineMs: stage.patienceMs,
      work: (waitFor) => waitFor(() => lookForArrival(stage.api, cluster, startedAt)),
    });
  }
}

async function startAgents({ api, clusters, programs, folder }: Stage): Promise<string> {
  let tokens = 0;
  for (const cluster of clusters) {
    const joinToken = await invite(api, cluster);
    if (joinToken !== undefined) tokens += 1;
    programs.start(agentProgram(cluster, folder, { hubUrl: api.url, joinToken }));
  }
  const known = clusters.length - tokens;
  const knownOnes = known === 0 ? [] : [`${known} that the hub knows from last time`];
  const newOnes = tokens === 0 ? [] : [`${tokens} with a new join token each`];
  return `agents started: ${[...knownOnes, ...newOnes].join(', ')}`;
}

interface KnownCluster {
  readonly connectionState: string;
  readonly lastSeenAt: string | null;
  readonly kubernetesVersion: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

const CLUSTER = /* GraphQL */ `
  query Cluster($name: String!) {
    cluster(name: $name) {
      connectionState
      lastSeenAt
      kubernetesVersion
      labels
    }
  }
`;

const CREATE_JOIN_TOKEN = /* GraphQL */ `
  mutation CreateJoinToken($input: CreateJoinTokenInput!) {
    createJoinToken(input: $input) {
      secret
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

async function invite(api: HubApi, cluster: DemoCluster): Promise<string | undefined> {
  const { name, environment } = cluster;
  const isKnown = (await findCluster(api, name)) !== null;
  if (isKnown && (await keepsIdentity(cluster))) return undefined;
  const input = {
    clusterName: name,
    // The cluster of an earlier start may be gone: this one takes over its name, with its labels.
    ...(isKnown ? { replaces: name } : { labels: { env: environment } }),
  };
  const { secret } = await api.change<{ secret: string }>('createJoinToken', CREATE_JOIN_TOKEN, { input });
  return secret;
}

async function findCluster(api: HubApi, name: string): Promise<KnownCluster | null> {
  return (await api.ask<{ cluster: KnownCluster | null }>(CLUSTER, { name })).cluster;
}

// An agent that was killed while it joined has a key, and no enrolment: it needs a token again.
async function keepsIdentity(cluster: DemoCluster): Promise<boolean> {
  const kube = await openKube(cluster);
  const secret = await kube.find(`/api/v1/namespaces/${cluster.agentNamespace}/secrets/fairlead-agent`);
  return Boolean(secret?.data?.['enrolment']);
}

async function lookForArrival(api: HubApi, { name }: DemoCluster, since: number): Promise<Look<string>> {
  const cluster = await findCluster(api, name);
  if (cluster === null) return { waitingOn: `${name} has not joined yet` };
  const { connectionState, lastSeenAt, labels, kubernetesVersion } = cluster;
  if (connectionState !== 'ONLINE') return { waitingOn: `${name} is ${connectionState}` };
  // What was ONLINE a minute ago may be said to be so still; this agent has to be heard itself.
  if (lastSeenAt === null || Date.parse(lastSeenAt) < since)
    return { waitingOn: `${name} has not been heard yet` };
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return {
    done: `${name} is ONLINE: ${words.join(', ')}, Kubernetes ${kubernetesVersion ?? 'of unknown version'}`,
  };
}
