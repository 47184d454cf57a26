// What a stretch of time cost: hub, database, agents, and how much of the machine others used meanwhile.
import type { SimulatedFleet } from '../agents/simulated-fleet.ts';
import type { BenchHub, HubUse } from '../programs/bench-hub.ts';
import { watchOthers } from './other-load.ts';

/** Since a moment; sizes and memory as of its end. */
export interface StretchCost {
  readonly elapsedMs: number;
  readonly coresBusyForOthers: number;
  readonly hubCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly agentsCpuSeconds: number;
  readonly wireBytes: number;
  readonly walBytes: number;
  readonly databaseGrowthBytes: number;
  readonly hubRssBytes: number;
  readonly databasePssBytes: number;
  readonly databaseSizeBytes: number;
}

/** Begins to count; the returned function tells what came since. */
export async function startHubMeter(
  hub: Pick<BenchHub, 'use'>,
  fleet: SimulatedFleet,
): Promise<() => Promise<StretchCost>> {
  const [before, loadBefore] = [await hub.use(), await fleet.use()];
  const [others, startedAt] = [watchOthers(), performance.now()];
  return async () => {
    const [elapsedMs, coresBusyForOthers] = [performance.now() - startedAt, others()];
    const [after, load] = [await hub.use(), await fleet.use()];
    return {
      elapsedMs,
      coresBusyForOthers,
      ...hubCost(before, after),
      agentsCpuSeconds: load.cpuSeconds - loadBefore.cpuSeconds,
      wireBytes: load.sent + load.received - loadBefore.sent - loadBefore.received,
    };
  };
}

function hubCost(before: HubUse, after: HubUse) {
  return {
    hubCpuSeconds: after.hubCpuSeconds - before.hubCpuSeconds,
    databaseCpuSeconds: after.databaseCpuSeconds - before.databaseCpuSeconds,
    walBytes: after.databaseWalBytes - before.databaseWalBytes,
    databaseGrowthBytes: after.databaseSizeBytes - before.databaseSizeBytes,
    hubRssBytes: after.hubRssBytes,
    databasePssBytes: after.databasePssBytes,
    databaseSizeBytes: after.databaseSizeBytes,
  };
}
