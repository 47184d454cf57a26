// What is rolled out in waves: small applications of one object each, and a policy of three waves.
import type { HubApi } from '../../demo/hub-api.ts';
import type { Files } from '../content/bench-repository.ts';
import { saveWay, type PlainApplication } from '../content/fleet-setup.ts';

/** Applications `shop-000`, `shop-001` …, each in a folder of its own, dealt out to so many groups of clusters. */
export function applications(count: number, groups: number): readonly PlainApplication[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `shop-${String(index).padStart(3, '0')}`;
    return { name, namespace: name, folder: `apps/${name}`, policy: groupName(index % groups) };
  });
}

/** A group's label `kind`, environment and policy. */
export function groupName(index: number): string {
  return `group-${index}`;
}

/** The files of the commit that makes this release of all of them. */
export function manifests(all: readonly PlainApplication[], release: number): Files {
  return new Map(all.map(({ name, folder }) => [`${folder}/settings.yaml`, settings(name, release)]));
}

const settings = (name: string, release: number) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  release: "${release}"
`;

/**
 * For each group three waves of 20, 30 and 50 % of its clusters, half of a wave at a time; silent clusters are left out.
 * A single group holds all clusters.
 */
export async function describeWaves(api: HubApi, groups: number): Promise<void> {
  const wave = (name: string, percent: number) => ({ name, percent, maxConcurrentPercent: 50 });
  for (let index = 0; index < groups; index += 1) {
    const name = groupName(index);
    const step = {
      environment: name,
      trigger: 'AUTOMATIC',
      waves: [wave('first', 20), wave('second', 50), wave('last', 100)],
      offline: 'EXCLUDE_AND_CATCH_UP',
    };
    const selector = groups === 1 ? 'fleet=bench' : `kind=${name}`;
    await saveWay(api, step, { policy: name, selector });
  }
}
