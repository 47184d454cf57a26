// How far one cluster's instances are, by the hub's public API.
import type { HubApi } from '../../demo/hub-api.ts';
import { until } from '../../test/support/until.ts';

const PATIENCE_MS = 900_000;

const FLEET = /* GraphQL */ `
  query Fleet($filter: InstanceFilter) {
    fleet(filter: $filter) {
      instances
      sync {
        synced
      }
      health {
        healthy
      }
    }
  }
`;

interface FleetAnswer {
  readonly fleet: {
    readonly instances: number;
    readonly sync: { readonly synced: number };
    readonly health: { readonly healthy: number };
  };
}

/** Until every one of the instances is SYNCED and HEALTHY on the release of this number. */
export async function untilAllSynced(api: HubApi, instances: number, release: number): Promise<void> {
  const isDone = async () => {
    const { fleet } = await api.ask<FleetAnswer>(FLEET);
    if (fleet.sync.synced !== instances || fleet.health.healthy !== instances) return false;
    const filter = { notOnRelease: release };
    return (await api.ask<FleetAnswer>(FLEET, { filter })).fleet.instances === 0;
  };
  const what = `${instances} instances to be SYNCED and HEALTHY on release ${release}`;
  await until(what, isDone, { timeoutMs: PATIENCE_MS, intervalMs: 100 });
}

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
