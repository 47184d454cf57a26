// Renders the inputs of a release from one commit; what was rendered before from the same closure is not rendered again.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Closure, RenderSource } from '../platform/render/render-source.ts';
import { SourceRenderer } from '../platform/render/source-renderer.ts';
import type { SourceTree } from '../platform/render/source-tree.ts';
import { SecretBox } from '../platform/secret-box.ts';
import { SourceError } from '../platform/source-error.ts';
import { packBundle } from './bundle-content.ts';
import { BundleStore } from './bundle-store.ts';
import { bundleObjects, isObjectFault } from './domain/bundle-objects.ts';
import type { PinnedSource } from './domain/release.ts';
import type { RenderInputs } from './domain/resolved-inputs.ts';

/** The closure of some inputs. Its digest covers the namespace as well, by which objects are told apart. */
export interface InputClosure {
  readonly inputs: RenderInputs;
  readonly closure: Closure;
  readonly closureDigest: string;
}

@Injectable()
export class InputRenderer {
  constructor(
    private readonly renderer: SourceRenderer,
    private readonly bundles: BundleStore,
    private readonly secrets: SecretBox,
  ) {}

  /** Each input's closure, or the fault of the source that has none. */
  async closures<Key>(
    tree: SourceTree,
    source: PinnedSource,
    inputs: ReadonlyMap<Key, RenderInputs>,
  ): Promise<Map<Key, InputClosure | SourceError>> {
    const found = new Map<Key, InputClosure | SourceError>();
    for (const [key, each] of inputs) found.set(key, await this.closure(tree, source, each));
    return found;
  }

  /** The bundle of each closure, by closure digest; throws the first fault. */
  async bundleDigests(
    tree: SourceTree,
    source: PinnedSource,
    closures: readonly InputClosure[],
  ): Promise<Map<string, string>> {
    const digests = await this.bundles.ofClosures(closures.map(({ closureDigest }) => closureDigest));
    for (const each of closures) {
      if (digests.has(each.closureDigest)) continue;
      digests.set(each.closureDigest, await this.render(tree, source, each));
    }
    return digests;
  }

  private async closure(
    tree: SourceTree,
    source: PinnedSource,
    inputs: RenderInputs,
  ): Promise<InputClosure | SourceError> {
    try {
      const closure = await this.renderer.closure(tree, renderSource(source, inputs));
      const closureDigest = sha256(`${closure.digest} ${source.namespace}`);
      return { inputs, closure, closureDigest };
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
  }

  private async render(tree: SourceTree, source: PinnedSource, each: InputClosure): Promise<string> {
    const documents = await this.renderer.render(tree, renderSource(source, each.inputs), each.closure);
    const objects = bundleObjects(documents, source.namespace);
    if (isObjectFault(objects)) throw new SourceError(objects.code, objects.message);
    const bundle = await packBundle(objects, this.secrets);
    await this.bundles.save(bundle);
    return bundle.digest;
  }
}

/** The digest under which inputs are stored. */
export function inputsDigest({ path, valueFiles }: RenderInputs): string {
  return sha256(JSON.stringify([path, valueFiles]));
}

/** Hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function renderSource(source: PinnedSource, { path, valueFiles }: RenderInputs): RenderSource {
  const { renderer, namespace, applicationName, helm } = source;
  const releaseName = helm?.releaseName ?? applicationName;
  return { renderer, path, helm: { releaseName, namespace, valueFiles, values: helm?.values ?? {} } };
}
