// One look at an application's source: which commit, which inputs, and the closure of each.
import { Injectable } from '@nestjs/common';
import { namespaceOf, usesClusterVariables, type Application } from '../applications/domain/application.ts';
import type { CommitFacts } from '../platform/git/git-objects.ts';
import type { SourceTree } from '../platform/render/source-tree.ts';
import { SourceError } from '../platform/source-error.ts';
import type { PinnedSource } from './domain/release.ts';
import { slotInputs, type RenderInputs } from './domain/resolved-inputs.ts';
import { InputRenderer, inputsDigest, sha256, type InputClosure } from './input-renderer.ts';
import { ReleaseStore } from './release-store.ts';
import { SourceFetcher } from './source-fetcher.ts';

/** What a look begins with; equal keys see the same. */
export interface SourceView {
  readonly source: PinnedSource;
  readonly commit: CommitFacts;
  readonly tree: SourceTree;
  /** Distinct inputs by digest. */
  readonly inputs: ReadonlyMap<string, RenderInputs>;
  readonly environmentsOf: ReadonlyMap<string, readonly bigint[]>;
  readonly key: string;
}

/** What is read, by the digest of the inputs. */
export interface SourceLook extends SourceView {
  readonly closures: ReadonlyMap<string, InputClosure>;
  readonly sourceDigest: string;
}

@Injectable()
export class SourceLooks {
  constructor(
    private readonly releases: ReleaseStore,
    private readonly fetcher: SourceFetcher,
    private readonly renderer: InputRenderer,
  ) {}

  /** Cheap: nothing is read but the ref. */
  async view(application: Application): Promise<SourceView> {
    const source = pinnedSource(application);
    const mirror = this.fetcher.mirror(source.repository);
    const commit = await mirror.resolve(source.ref);
    const inputs = new Map<string, RenderInputs>();
    const environmentsOf = new Map<string, bigint[]>();
    for (const slot of await this.releases.slots(application.id)) {
      for (const each of slotInputs(source, slot).inputs.values()) {
        const digest = inputsDigest(each);
        inputs.set(digest, each);
        environmentsOf.set(digest, [...(environmentsOf.get(digest) ?? []), slot.environmentId]);
      }
    }
    const slots = [...environmentsOf].map(([digest, ids]) => `${digest} ${ids.join()}`).sort();
    const key = sha256(JSON.stringify([source, commit.id, slots]));
    return { source, commit, tree: mirror.tree(commit), inputs, environmentsOf, key };
  }

  /**
   * Throws the first fault. A folder that is missing for single clusters is theirs alone: a cluster that joined
   * before its folder was committed must not stop the releases of all others.
   */
  async look(view: SourceView): Promise<SourceLook> {
    const found = await this.renderer.closures(view.tree, view.source, view.inputs);
    const closures = new Map<string, InputClosure>();
    const faults: SourceError[] = [];
    for (const [digest, result] of found) {
      if (!(result instanceof SourceError)) closures.set(digest, result);
      else faults.push(result);
    }
    const [fatal] = faults.filter(
      (fault) => !(usesClusterVariables(view.source) && fault.code === 'PATH_NOT_FOUND'),
    );
    const fault = fatal ?? (closures.size === 0 ? faults[0] : undefined);
    if (fault) throw fault;
    const read = [...closures].map(([digest, { closureDigest }]) => `${digest} ${closureDigest}`).sort();
    return { ...view, closures, sourceDigest: sha256(read.join('\n')) };
  }
}

function pinnedSource(application: Application): PinnedSource {
  return { ...application.source, applicationName: application.name, namespace: namespaceOf(application) };
}
