// The release that a scene begins with: it makes the instances, and is not measured.
import { nowMs } from '../agents/fleet-messages.ts';
import { untilAllSynced } from '../content/fleet-progress.ts';
import { saveApplications } from '../content/fleet-setup.ts';
import { releaseFiles, smallApplications } from '../content/small-applications.ts';
import type { Scene } from './simulated-scene.ts';

/** Brings release 1 of so many small applications to all clusters. */
export async function bringFirstRelease(
  { hub, fleet, repository, clusters, say }: Scene,
  count = 1,
): Promise<void> {
  const [applications, startedAtMs] = [smallApplications(count), nowMs()];
  await repository.commit(releaseFiles(applications, 1), 'release 1');
  const { settled } = await fleet.expect({ release: 1, instances: count });
  await saveApplications(hub.api, repository.url, applications);
  await settled;
  await untilAllSynced(hub.api, { instances: clusters * count, release: 1 });
  say(`release 1 runs everywhere after ${Math.round(nowMs() - startedAtMs)} ms`);
}
