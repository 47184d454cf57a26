// One commit followed to the last cluster: what the agents saw, what the hub says, and what it cost.
import type { HubApi } from '../../demo/hub-api.ts';
import { until } from '../../test/support/until.ts';
import { nowMs } from '../agents/fleet-messages.ts';
import type { Settlement } from '../agents/simulated-fleet.ts';
import { ENVIRONMENT, type PlainApplication } from '../content/fleet-setup.ts';
import { refresh } from '../content/fleet-progress.ts';
import { startHubMeter } from '../measure/hub-meter.ts';
import type { Scene } from '../scene/simulated-scene.ts';
import { percentile } from '../report/statistics.ts';
import { releaseFiles } from '../content/small-applications.ts';

/** The application and the release that is to come; the fleet runs the one before it. */
export interface ReleaseToFollow {
  readonly application: PlainApplication;
  readonly release: number;
}

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 300_000;

/** Commits, asks the hub to look, and measures from that moment on. */
export async function followRelease(
  { hub, fleet, repository, clusters }: Scene,
  { application, release }: ReleaseToFollow,
) {
  const { settled } = await fleet.expect({ release, instances: 1 });
  await repository.commit(releaseFiles([application], release), `release ${release}`);
  const cost = await startHubMeter(hub, fleet);
  const startedAtMs = nowMs();
  const [refreshedMs, hubSaysMs, settlement] = await Promise.all([
    refresh(hub.api, application.name).then(() => nowMs() - startedAtMs),
    untilReleased(hub.api, application.name, release).then(() => nowMs() - startedAtMs),
    settled,
  ]);
  const { elapsedMs: _, wireBytes, ...spent } = await cost();
  return {
    commitToReleaseMs: refreshedMs,
    ...latencies(settlement, startedAtMs),
    commitToReportedMs: Math.max(hubSaysMs, ...settlement.reportedAtMs.map((at) => at - startedAtMs)),
    hubSaysAllSyncedMs: hubSaysMs,
    ...spent,
    wireBytesPerAgent: wireBytes / clusters,
    walBytesPerAgent: spent.walBytes / clusters,
  };
}

function latencies({ rungAtMs, reportedAtMs }: Settlement, startedAtMs: number) {
  const [rung, reported] = [rungAtMs, reportedAtMs].map((all) => all.map((at) => at - startedAtMs));
  return {
    commitToFirstDoorbellMs: Math.min(...(rung ?? [])),
    commitToAllDoorbellsMs: Math.max(...(rung ?? [])),
    reportedP50Ms: percentile(reported ?? [], 0.5),
    reportedP99Ms: percentile(reported ?? [], 0.99),
  };
}

const SLOT = /* GraphQL */ `
  query Slot($application: String!, $environment: String!) {
    slot(application: $application, environment: $environment) {
      summary {
        instances
        sync {
          synced
        }
        health {
          healthy
        }
      }
    }
  }
`;

const ELSEWHERE = /* GraphQL */ `
  query Elsewhere($filter: InstanceFilter!) {
    fleet(filter: $filter) {
      instances
    }
  }
`;

interface SlotAnswer {
  readonly slot: {
    readonly summary: {
      readonly instances: number;
      readonly sync: { readonly synced: number };
      readonly health: { readonly healthy: number };
    };
  } | null;
}

/** Until the hub says that every instance is SYNCED and HEALTHY, and none on another release. */
export async function untilReleased(api: HubApi, application: string, release: number): Promise<void> {
  const slot = { application, environment: ENVIRONMENT };
  const filter = { application, notOnRelease: release };
  const isDone = async () => {
    const { slot: answer } = await api.ask<SlotAnswer>(SLOT, slot);
    if (answer === null || answer.summary.instances === 0) return false;
    const { instances, sync, health } = answer.summary;
    if (sync.synced !== instances || health.healthy !== instances) return false;
    const { fleet } = await api.ask<{ fleet: { instances: number } }>(ELSEWHERE, { filter });
    return fleet.instances === 0;
  };
  await until(`release ${release} to be everywhere`, isDone, {
    timeoutMs: PATIENCE_MS,
    intervalMs: LOOK_EVERY_MS,
  });
}
