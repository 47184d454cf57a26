// How far the fleet is, by the hub's public API.
import type { HubApi } from '../../demo/hub-api.ts';
import { until } from '../../test/support/until.ts';

/** What is waited for: every instance SYNCED and HEALTHY on the release of this number. */
export interface Goal {
  readonly instances: number;
  readonly release: number;
  /** 15 minutes unless told. */
  readonly timeoutMs?: number;
}

const PATIENCE_MS = 900_000;
const LOOK_EVERY_MS = 100;

const FLEET = /* GraphQL */ `
  query Fleet($filter: InstanceFilter) {
    fleet(filter: $filter) {
      instances
      sync {
        synced
      }
      health {
        healthy
        degraded
      }
    }
  }
`;

interface FleetAnswer {
  readonly fleet: {
    readonly instances: number;
    readonly sync: { readonly synced: number };
    readonly health: { readonly healthy: number; readonly degraded: number };
  };
}

/** Comes back when the hub says so of all of them. */
export async function untilAllSynced(
  api: HubApi,
  { instances, release, timeoutMs = PATIENCE_MS }: Goal,
): Promise<void> {
  const isDone = async () => {
    const { fleet } = await api.ask<FleetAnswer>(FLEET);
    if (fleet.sync.synced !== instances || fleet.health.healthy !== instances) return false;
    return (await elsewhere(api, release)) === 0;
  };
  const what = `${instances} instances to be SYNCED and HEALTHY on release ${release}`;
  await until(what, isDone, { timeoutMs, intervalMs: LOOK_EVERY_MS });
}

/** Instances that are not well on that release: of how many the hub knows that something was missed. */
export async function countMissed(api: HubApi, { instances, release }: Goal): Promise<number> {
  const { fleet } = await api.ask<FleetAnswer>(FLEET);
  const unwell = instances - Math.min(fleet.sync.synced, fleet.health.healthy);
  return Math.max(unwell, await elsewhere(api, release));
}

/** Instances that the hub knows to be DEGRADED. */
export async function countDegraded(api: HubApi): Promise<number> {
  return (await api.ask<FleetAnswer>(FLEET)).fleet.health.degraded;
}

async function elsewhere(api: HubApi, release: number): Promise<number> {
  return (await api.ask<FleetAnswer>(FLEET, { filter: { notOnRelease: release } })).fleet.instances;
}

const LATEST = /* GraphQL */ `
  query Latest($name: String!) {
    application(name: $name) {
      latestRelease {
        number
        message
      }
    }
  }
`;

interface LatestAnswer {
  readonly application: { readonly latestRelease: ReleaseFacts | null } | null;
}

/** A release as its commit says it. */
export interface ReleaseFacts {
  readonly number: number;
  readonly message: string;
}

/** The newest release of an application; number 0 before the first. */
export async function latestRelease(api: HubApi, name: string): Promise<ReleaseFacts> {
  const { application } = await api.ask<LatestAnswer>(LATEST, { name });
  return application?.latestRelease ?? { number: 0, message: '' };
}

const REFRESH = /* GraphQL */ `
  mutation Refresh($name: String!) {
    refreshApplication(name: $name) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

/** Makes the hub look at the repository now, for this application. */
export async function refresh(api: HubApi, name: string): Promise<void> {
  await api.change('refreshApplication', REFRESH, { name });
}
