// Compares what clusters run with what they would run: each pair of bundles once, however many clusters share it.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { parseBundle } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { ReleaseQueries } from '../../releases/release-queries.ts';
import { bundleChanges, ChangeGroups, type GroupedChange } from './domain/bundle-changes.ts';

/** More different pairs than this are not compared; the changes of the first ones are told. */
const MAX_PAIRS = 1_000;

const inflate = promisify(gunzip);

@Injectable()
export class ChangeComparison {
  constructor(private readonly releases: ReleaseQueries) {}

  /** Grouped by identical change. Clusters without a bundle of the release are left as they are. */
  async changes(
    assigned: ReadonlyMap<bigint, string | null>,
    wanted: ReadonlyMap<bigint, string>,
  ): Promise<GroupedChange[]> {
    const groups = new ChangeGroups();
    for (const { before, after, clusters } of pairsOf(assigned, wanted).slice(0, MAX_PAIRS)) {
      groups.add(bundleChanges(await this.objects(before), await this.objects(after)), clusters);
    }
    return groups.sorted();
  }

  private async objects(digest: string | null): Promise<KubernetesObject[]> {
    const content = digest === null ? undefined : await this.releases.bundleContent(digest);
    return content ? parseBundle((await inflate(content)).toString('utf8')) : [];
  }
}

interface Pair {
  readonly before: string | null;
  readonly after: string;
  readonly clusters: number;
}

function pairsOf(assigned: ReadonlyMap<bigint, string | null>, wanted: ReadonlyMap<bigint, string>): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [clusterId, after] of wanted) {
    const before = assigned.get(clusterId) ?? null;
    if (before === after) continue;
    const key = `${before} ${after}`;
    pairs.set(key, { before, after, clusters: (pairs.get(key)?.clusters ?? 0) + 1 });
  }
  return [...pairs.values()].toSorted((a, b) => b.clusters - a.clusters);
}
