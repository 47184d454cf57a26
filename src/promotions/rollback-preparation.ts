// Gets a rollback ready before anything is locked: bundles rendered, and whether going back is possible at all.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { parseBundle } from '@fairlead/protocol/canonical';
import { ReleaseCommands } from '../releases/release-commands.ts';
import { ReleaseQueries } from '../releases/release-queries.ts';
import { irrevocable } from './domain/rollback-safety.ts';
import type { RenderedBundles } from './gate-reader.ts';

/** What a rollback would leave and return to. */
export interface RollbackWanted {
  readonly environmentId: bigint;
  readonly fromReleaseId: bigint;
  readonly toReleaseId: bigint;
}

/** Ready to start; `reasons` say why it must not. */
export interface PreparedRollback extends RollbackWanted {
  readonly rendered: RenderedBundles;
  readonly reasons: readonly string[];
}

/** More would not be read by anybody. */
const MAX_REASONS = 3;

const inflate = promisify(gunzip);

@Injectable()
export class RollbackPreparation {
  constructor(
    private readonly commands: ReleaseCommands,
    private readonly queries: ReleaseQueries,
  ) {}

  /** Every pair of bundles that differ is compared once, however many clusters run it. */
  async prepare(wanted: RollbackWanted): Promise<PreparedRollback> {
    const rendered = await this.commands.ensureBundles(wanted.toReleaseId, wanted.environmentId);
    const left = await this.commands.ensureBundles(wanted.fromReleaseId, wanted.environmentId);
    const pairs = new Map<string, readonly [string, string]>();
    for (const [clusterId, to] of rendered.bundles) {
      const from = left.bundles.get(clusterId);
      if (from !== undefined && from !== to) pairs.set(`${from} ${to}`, [from, to]);
    }
    const reasons = new Set<string>();
    for (const [from, to] of pairs.values()) {
      for (const reason of irrevocable(await this.objects(from), await this.objects(to))) reasons.add(reason);
      if (reasons.size >= MAX_REASONS) break;
    }
    return { ...wanted, rendered, reasons: [...unrendered(rendered), ...reasons].slice(0, MAX_REASONS) };
  }

  private async objects(digest: string): Promise<KubernetesObject[]> {
    const content = await this.queries.bundleContent(digest);
    return content ? parseBundle((await inflate(content)).toString()) : [];
  }
}

/** Some clusters that cannot be rendered are left as they are; when none can there is nothing to go back to. */
function unrendered({ bundles, errors }: RenderedBundles): string[] {
  return bundles.size > 0 || errors.size === 0
    ? []
    : [...new Set([...errors.values()].map(({ message }) => `It cannot be rendered: ${message}`))];
}
