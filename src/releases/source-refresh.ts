// From a commit to a release: look, compare with the latest release, render what is new, store.
import { Injectable } from '@nestjs/common';
import type { Application } from '../applications/domain/application.ts';
import { SourceError } from '../platform/source-error.ts';
import { isNewRelease } from './domain/release-decision.ts';
import type { PinnedSource, Release, RenderedInput } from './domain/release.ts';
import { InputRenderer } from './input-renderer.ts';
import { ReleaseStore } from './release-store.ts';
import { ReleaseWriter } from './release-writer.ts';
import { SourceFetcher } from './source-fetcher.ts';
import { SourceLooks, type SourceLook, type SourceView } from './source-look.ts';
import { SourceStateStore } from './source-state-store.ts';

@Injectable()
export class SourceRefresh {
  constructor(
    private readonly looks: SourceLooks,
    private readonly renderer: InputRenderer,
    private readonly releases: ReleaseStore,
    private readonly states: SourceStateStore,
    private readonly fetcher: SourceFetcher,
    private readonly writer: ReleaseWriter,
  ) {}

  view(application: Application): Promise<SourceView> {
    return this.looks.view(application);
  }

  /**
   * Makes a release where what is rendered has changed. OVERTAKEN: another process made one meanwhile, perhaps from a
   * newer commit than was looked at here: fetch and look anew. Throws the source's fault; nothing is stored then.
   */
  async refresh(application: Application, view: SourceView): Promise<Release | 'UNCHANGED' | 'OVERTAKEN'> {
    const look = await this.looks.look(view);
    const [latest] = await this.releases.latest([application.id]);
    const inputs = await this.changed(application, look, latest);
    if (inputs)
      return (await this.writer.create(application, look, { inputs, after: latest })) ?? 'OVERTAKEN';
    await this.writer.unchanged(application, look);
    return 'UNCHANGED';
  }

  /** What a new release would consist of; undefined where nothing has changed. */
  private async changed(
    application: Application,
    look: SourceLook,
    latest: Release | undefined,
  ): Promise<RenderedInput[] | undefined> {
    if (look.closures.size === 0) return undefined;
    if (latest && (await this.states.sourceDigest(application.id)) === look.sourceDigest) return undefined;
    const current = await this.rendered(look);
    return (await this.isNew(application, look, latest, current)) ? current : undefined;
  }

  private async rendered(look: SourceLook): Promise<RenderedInput[]> {
    const closures = [...look.closures.values()];
    const bundles = await this.renderer.bundleDigests(look.tree, look.source, closures);
    return [...look.closures].flatMap(([inputsDigest, { closureDigest }]) =>
      (look.environmentsOf.get(inputsDigest) ?? []).map((environmentId) => ({
        environmentId,
        inputsDigest,
        closureDigest,
        bundleDigest: bundles.get(closureDigest) ?? '',
      })),
    );
  }

  private async isNew(
    application: Application,
    look: SourceLook,
    latest: Release | undefined,
    current: readonly RenderedInput[],
  ): Promise<boolean> {
    if (!latest) return isNewRelease({ latest: undefined, current, sameTemplates: true, late: new Set() });
    const before = await this.releases.renderedInputs(latest.id);
    const sameTemplates = templatesOf(latest.source) === templatesOf(look.source);
    const late = sameTemplates ? await this.lateInputs(application, look, latest, before) : new Set<string>();
    return isNewRelease({ latest: before, current, sameTemplates, late });
  }

  /** Inputs that the latest release lacks and that its own commit would render the same. */
  private async lateInputs(
    application: Application,
    look: SourceLook,
    latest: Release,
    before: readonly RenderedInput[],
  ): Promise<Set<string>> {
    const rendered = new Set(before.map(({ inputsDigest }) => inputsDigest));
    const unknown = [...look.inputs].filter(([digest]) => look.closures.has(digest) && !rendered.has(digest));
    if (unknown.length === 0) return new Set();
    const { repository } = latest.source;
    const commit = await this.fetcher.pinned(application.repositoryId, repository, latest.commit);
    const tree = this.fetcher.mirror(repository).tree(commit);
    const pinned = await this.renderer.closures(tree, latest.source, new Map(unknown));
    const same = [...pinned].filter(([digest, result]) => {
      return (
        !(result instanceof SourceError) && result.closureDigest === look.closures.get(digest)?.closureDigest
      );
    });
    return new Set(same.map(([digest]) => digest));
  }
}

const templatesOf = ({ path, helm }: PinnedSource) => JSON.stringify([path, helm?.valueFiles ?? []]);
