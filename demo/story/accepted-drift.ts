// The fourth chapter: what the hub knows of the changes by hand, and drift that a person accepts for a while.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import { openKube } from '../clusters/open-kube.ts';
import type { HubApi } from '../hub-api.ts';
import type { KubeApi } from '../kube-api.ts';
import { DEPLOYMENT } from './release-progress.ts';
import { APPLICATION, type Stage } from './stage.ts';

const PATH = 'spec.replicas';
const REASON = 'half the usual load today';

const EPISODES = /* GraphQL */ `
  query Episodes($filter: DriftFilter, $from: DateTime) {
    driftEpisodes(filter: $filter, from: $from, first: 20) {
      nodes {
        object {
          kind
          name
        }
        path
        manager
        openedAt
        closedAt
        closedBy
      }
    }
  }
`;

interface Episode {
  readonly object: { readonly kind: string; readonly name: string };
  readonly path: string | null;
  readonly manager: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

const ITEMS = /* GraphQL */ `
  query Accepted($filter: DriftFilter) {
    driftItems(filter: $filter, first: 5) {
      nodes {
        path
        desired
        live
        manager
        firstSeenAt
        exception {
          id
          reason
        }
      }
    }
  }
`;

interface Item {
  readonly desired: string | null;
  readonly live: string | null;
  readonly manager: string | null;
  readonly firstSeenAt: string;
  readonly exception: { readonly id: string; readonly reason: string } | null;
}

const ACCEPT = /* GraphQL */ `
  mutation Accept($input: DriftExceptionInput!) {
    acceptDrift(input: $input) {
      exception {
        id
      }
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const END = /* GraphQL */ `
  mutation End($id: ID!) {
    endDriftException(id: $id) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const INSTANCE = /* GraphQL */ `
  query Instance($application: String!, $environment: String!, $cluster: String!) {
    instance(application: $application, environment: $environment, cluster: $cluster) {
      generation
      sync
    }
  }
`;

const AN_HOUR_MS = 3_600_000;

/** `since`: when the first change by hand was made. */
export async function tellWhoChangedWhat(stage: Stage, cluster: DemoCluster, since: Date): Promise<void> {
  await stage.narrator.tell({
    what: `the hub knows who changed what in ${cluster.name}`,
    deadlineMs: stage.patienceMs,
    work: (waitFor) =>
      waitFor(async () => {
        const filter = { application: APPLICATION, cluster: cluster.name, path: PATH };
        const answer = await stage.api.ask<{ driftEpisodes: { nodes: readonly Episode[] } }>(EPISODES, {
          filter,
          from: since.toISOString(),
        });
        const healed = answer.driftEpisodes.nodes.find(({ closedBy }) => closedBy === 'HEALED');
        if (healed?.manager && healed.closedAt) return { done: episodeInWords(healed, healed.closedAt) };
        return { waitingOn: `${answer.driftEpisodes.nodes.length} episodes, none healed with its author` };
      }),
  });
}

function episodeInWords({ manager, object, path, openedAt }: Episode, closedAt: string): string {
  return `the hub knows who: ${manager} changed ${object.kind} ${object.name} ${path} at ${openedAt.slice(11, 19)} UTC, healed ${Date.parse(closedAt) - Date.parse(openedAt)} ms after it was seen`;
}

/** Accepts drift of one field, sees it stay and be shown, and ends that again: Git wins. */
export async function acceptForAWhile(stage: Stage, cluster: DemoCluster): Promise<void> {
  const kube = await openKube(cluster);
  const before = await replicasIn(kube);
  const id = await accept(stage, cluster);
  await seeItStay(stage, { cluster, kube, replicas: before - 1 });
  await stage.narrator.tell({
    what: 'the exception ends and Git wins',
    deadlineMs: stage.patienceMs,
    work: async (waitFor) => {
      await stage.api.change('endDriftException', END, { id });
      return waitFor(async () => {
        const replicas = await replicasIn(kube);
        if (replicas !== before) return { waitingOn: `${replicas} replicas in ${cluster.name}` };
        return { done: `the exception was ended: ${cluster.name} is back at ${before} replicas` };
      });
    },
  });
}

function accept({ api, narrator, patienceMs }: Stage, cluster: DemoCluster): Promise<string> {
  return narrator.find({
    what: `drift of ${PATH} is accepted in ${cluster.name}`,
    deadlineMs: patienceMs,
    work: async (waitFor) => {
      const { generation } = await instanceOf(api, cluster);
      const filter = {
        application: APPLICATION,
        cluster: cluster.name,
        objectKind: 'Deployment',
        path: PATH,
      };
      const until = new Date(Date.now() + AN_HOUR_MS).toISOString();
      const input = { filter, reason: REASON, until };
      const accepted = await api.change<{ exception: { id: string } }>('acceptDrift', ACCEPT, { input });
      // Its agent must know before somebody makes use of it, or it would heal.
      await waitFor(async () => {
        const now = await instanceOf(api, cluster);
        const knows = now.generation > generation && now.sync === 'SYNCED';
        return knows ? { done: undefined } : { waitingOn: `the agent of ${cluster.name} (${now.sync})` };
      });
      return accepted.exception.id;
    },
    say: () => `drift of ${PATH} was accepted in ${cluster.name} for an hour: "${REASON}"`,
  });
}

interface StayingChange {
  readonly cluster: DemoCluster;
  readonly kube: KubeApi;
  readonly replicas: number;
}

async function seeItStay({ api, narrator, patienceMs }: Stage, change: StayingChange): Promise<void> {
  const { cluster, kube, replicas } = change;
  await narrator.tell({
    what: `somebody scales Deployment shop in ${cluster.name}, and it stays`,
    deadlineMs: patienceMs,
    work: async (waitFor) => {
      await scale(kube, replicas);
      const item = await waitFor(async () => {
        const filter = { application: APPLICATION, cluster: cluster.name, path: PATH, excepted: true };
        const answer = await api.ask<{ driftItems: { nodes: readonly Item[] } }>(ITEMS, { filter });
        const found = answer.driftItems.nodes.find(({ live }) => live === String(replicas));
        return found ? { done: found } : { waitingOn: 'the hub shows no accepted difference' };
      });
      const live = await replicasIn(kube);
      if (live !== replicas) throw new Error(`it was healed to ${live} replicas although it was accepted`);
      return `${item.manager} scaled Deployment shop from ${item.desired} to ${item.live} in ${cluster.name}: shown, accepted ("${item.exception?.reason}"), left alone`;
    },
  });
}

function scale(kube: KubeApi, replicas: number): Promise<unknown> {
  return kube.send({
    method: 'PATCH',
    path: `${DEPLOYMENT}/scale?fieldManager=kubectl`,
    type: 'application/merge-patch+json',
    body: { spec: { replicas } },
  });
}

async function replicasIn(kube: KubeApi): Promise<number> {
  return Number((await kube.find(DEPLOYMENT))?.spec?.['replicas']);
}

async function instanceOf(api: HubApi, { environment, name }: DemoCluster) {
  const names = { application: APPLICATION, environment, cluster: name };
  const { instance } = await api.ask<{ instance: { generation: number; sync: string } }>(INSTANCE, names);
  return instance;
}
