// What one cluster is assigned, by the hub's public API.
import type { HubApi } from '../../demo/hub-api.ts';
import { until } from '../../test/support/until.ts';

const PATIENCE_MS = 900_000;

const PAGE = /* GraphQL */ `
  query Page($after: String) {
    instances(first: 500, after: $after) {
      nodes {
        generation
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface PageAnswer {
  readonly instances: {
    readonly nodes: readonly { readonly generation: number }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** The generations of all instances, 0 for those that were never assigned anything. */
export async function generations(api: HubApi): Promise<readonly number[]> {
  const found: number[] = [];
  for (let after: string | null = null, isMore = true; isMore;) {
    const { instances }: PageAnswer = await api.ask<PageAnswer>(PAGE, { after });
    found.push(...instances.nodes.map(({ generation }) => generation));
    isMore = instances.pageInfo.hasNextPage;
    after = instances.pageInfo.endCursor;
  }
  return found;
}

/** Until the hub has assigned something newer than `generation` to every one of the instances. */
export async function untilAllAssigned(api: HubApi, instances: number, generation: number): Promise<void> {
  const isDone = async () => {
    const found = await generations(api);
    return found.length === instances && found.every((one) => one > generation);
  };
  await until(`${instances} instances to be assigned`, isDone, { timeoutMs: PATIENCE_MS, intervalMs: 500 });
}

const CLUSTER = /* GraphQL */ `
  query Cluster($name: String!) {
    cluster(name: $name) {
      connectionState
    }
  }
`;

/** Until the cluster's agent has been heard. */
export async function untilOnline(api: HubApi, name: string): Promise<void> {
  const isDone = async () => {
    const { cluster } = await api.ask<{ cluster: { connectionState: string } | null }>(CLUSTER, { name });
    return cluster?.connectionState === 'ONLINE';
  };
  await until(`${name} to be ONLINE`, isDone, { timeoutMs: PATIENCE_MS, intervalMs: 200 });
}
