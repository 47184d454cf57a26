// How long it takes until the hub says of clusters that fell silent what they are.
import type { HubApi } from '../../demo/hub-api.ts';
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';

const PATIENCE_MS = 120_000;

/** Waits until so many clusters are STALE, and then OFFLINE; nobody else may be silent meanwhile. */
export async function untilSilent(
  api: HubApi,
  silent: number,
): Promise<{ readonly silentToStaleMs: number; readonly silentToOfflineMs: number }> {
  const startedAt = nowMs();
  const untilShown = async (...states: readonly string[]): Promise<number> => {
    const isShown = async () => (await countClusters(api, states)) >= silent;
    await until(`${silent} clusters to be ${states[0]}`, isShown, { timeoutMs: PATIENCE_MS });
    return nowMs() - startedAt;
  };
  return {
    silentToStaleMs: await untilShown('STALE', 'OFFLINE'),
    silentToOfflineMs: await untilShown('OFFLINE'),
  };
}

const CLUSTERS = /* GraphQL */ `
  query ($states: [ConnectionState!], $after: String) {
    clusters(connectionState: $states, first: 100, after: $after) {
      nodes {
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface ClustersAnswer {
  readonly clusters: {
    readonly nodes: readonly { readonly name: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function countClusters(api: HubApi, states: readonly string[]): Promise<number> {
  let [count, after]: [number, string | null] = [0, null];
  do {
    const { clusters }: ClustersAnswer = await api.ask<ClustersAnswer>(CLUSTERS, { states, after });
    count += clusters.nodes.length;
    after = clusters.pageInfo.hasNextPage ? clusters.pageInfo.endCursor : null;
  } while (after !== null);
  return count;
}
