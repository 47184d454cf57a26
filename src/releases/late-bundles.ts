// Bundles for inputs that appeared after their release was made: rendered from the pinned commit, and only added.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { ApplicationQueries } from '../applications/application-queries.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { SourceError } from '../platform/source-error.ts';
import type { Release, RenderedInput } from './domain/release.ts';
import { slotInputs, type RenderInputs, type SlotInputs } from './domain/resolved-inputs.ts';
import { InputRenderer, inputsDigest } from './input-renderer.ts';
import { ReleaseStore } from './release-store.ts';
import { SourceFetcher } from './source-fetcher.ts';

/** What every cluster of an environment runs of a release, and why some cannot. */
export interface EnsuredBundles {
  readonly bundles: Map<bigint, string>;
  readonly errors: Map<bigint, BundleFault>;
}

/** Why there is no bundle for a cluster. */
export interface BundleFault {
  readonly code: string;
  readonly message: string;
}

type Outcome = string | BundleFault;

@Injectable()
export class LateBundles {
  constructor(
    private readonly database: Database,
    private readonly releases: ReleaseStore,
    private readonly applications: ApplicationQueries,
    private readonly fetcher: SourceFetcher,
    private readonly renderer: InputRenderer,
    private readonly activity: ActivityLog,
  ) {}

  /** Renders what is missing; a second call finds everything there. */
  async ensure(releaseId: bigint, environmentId: bigint): Promise<EnsuredBundles> {
    const [release] = await this.releases.findByIds([releaseId]);
    const slot = await this.releases.slot(environmentId);
    if (!release || !slot) return { bundles: new Map(), errors: new Map() };
    const wanted = slotInputs(release.source, slot);
    const outcomes = await this.existing(release, environmentId);
    const missing = missingInputs(wanted, outcomes);
    if (missing.size > 0) {
      for (const [digest, outcome] of await this.render(release, environmentId, missing))
        outcomes.set(digest, outcome);
    }
    return byCluster(wanted, outcomes);
  }

  /** What `ensure` would answer without rendering anything; undefined where something is missing or cannot be had. */
  async rendered(
    tx: Transaction,
    releaseId: bigint,
    environmentId: bigint,
  ): Promise<EnsuredBundles | undefined> {
    const [release] = await this.releases.findByIds([releaseId], tx);
    const slot = await this.releases.slot(environmentId, tx);
    if (!release || !slot) return undefined;
    const wanted = slotInputs(release.source, slot);
    const outcomes = await this.existing(release, environmentId, tx);
    const isWhole = wanted.errors.size === 0 && missingInputs(wanted, outcomes).size === 0;
    return isWhole ? byCluster(wanted, outcomes) : undefined;
  }

  private async existing(
    release: Release,
    environmentId: bigint,
    tx?: Transaction,
  ): Promise<Map<string, Outcome>> {
    const rows = await this.releases.renderedInputs(release.id, tx);
    const mine = rows.filter((row) => row.environmentId === environmentId);
    return new Map(mine.map((row) => [row.inputsDigest, row.bundleDigest]));
  }

  private async render(
    release: Release,
    environmentId: bigint,
    missing: ReadonlyMap<string, RenderInputs>,
  ): Promise<Map<string, Outcome>> {
    try {
      return await this.renderFromPin(release, environmentId, missing);
    } catch (error) {
      // The repository itself: it concerns all of them.
      const fault = faultOf(error);
      return new Map([...missing.keys()].map((digest) => [digest, fault]));
    }
  }

  private async renderFromPin(
    release: Release,
    environmentId: bigint,
    missing: ReadonlyMap<string, RenderInputs>,
  ): Promise<Map<string, Outcome>> {
    const { source } = release;
    const [application] = await this.applications.byIds([release.applicationId]);
    if (!application) throw new SourceError('COMMIT_NOT_FOUND', 'The application was deleted.');
    const commit = await this.fetcher.pinned(application.repositoryId, source.repository, release.commit);
    const tree = this.fetcher.mirror(source.repository).tree(commit);
    const outcomes = new Map<string, Outcome>();
    const rendered: RenderedInput[] = [];
    for (const [digest, result] of await this.renderer.closures(tree, source, missing)) {
      try {
        if (result instanceof SourceError) throw result;
        const { closureDigest } = result;
        const bundleDigest =
          (await this.renderer.bundleDigests(tree, source, [result])).get(closureDigest) ?? '';
        rendered.push({ environmentId, inputsDigest: digest, closureDigest, bundleDigest });
        outcomes.set(digest, bundleDigest);
      } catch (error) {
        outcomes.set(digest, faultOf(error));
      }
    }
    await this.store(release, environmentId, rendered);
    return outcomes;
  }

  private async store(
    release: Release,
    environmentId: bigint,
    rendered: readonly RenderedInput[],
  ): Promise<void> {
    if (rendered.length === 0) return;
    await this.database.transaction(async (tx) => {
      await this.releases.addInputs(tx, release.id, rendered);
      const payload = { releaseId: `${release.id}`, environmentId: `${environmentId}` };
      await this.activity.notify(tx, [{ topic: 'bundle.rendered', payload }]);
    });
  }
}

/** Anything that is no fault of the source is ours, and goes on. */
function faultOf(error: unknown): BundleFault {
  if (error instanceof SourceError) return { code: error.code, message: error.message };
  throw error;
}

function missingInputs(
  wanted: SlotInputs,
  outcomes: ReadonlyMap<string, Outcome>,
): Map<string, RenderInputs> {
  const inputs = [...wanted.inputs.values()].map((each) => [inputsDigest(each), each] as const);
  return new Map(inputs.filter(([digest]) => !outcomes.has(digest)));
}

function byCluster(wanted: SlotInputs, outcomes: ReadonlyMap<string, Outcome>): EnsuredBundles {
  const bundles = new Map<bigint, string>();
  const errors = new Map<bigint, BundleFault>(wanted.errors);
  const digestOf = new Map([...wanted.inputs].map(([key, each]) => [key, inputsDigest(each)]));
  for (const [clusterId, key] of wanted.keyOfCluster) {
    const outcome = outcomes.get(digestOf.get(key) ?? '');
    if (typeof outcome === 'string') bundles.set(clusterId, outcome);
    else if (outcome) errors.set(clusterId, outcome);
  }
  return { bundles, errors };
}
