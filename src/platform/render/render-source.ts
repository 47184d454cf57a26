// What is rendered, how, and what comes out: the words between the render adapter and the features.

/** AUTO: a kustomization, else a Chart.yaml, else PLAIN. */
export type RendererKind = 'AUTO' | 'PLAIN' | 'KUSTOMIZE' | 'HELM';

/** Settings of `helm template`. Value files are relative to the chart; one that begins with `/`, to the repository. */
export interface HelmSource {
  readonly releaseName: string;
  readonly namespace: string;
  readonly valueFiles: readonly string[];
  readonly values: unknown;
}

/** A source with every variable resolved. */
export interface RenderSource {
  readonly renderer: RendererKind;
  /** Of a folder (PLAIN: or one file), from the repository's root. */
  readonly path: string;
  readonly helm: HelmSource;
}

/** A file that a render reads: where it stands in the checkout, and the id of its content. */
export interface ClosureFile {
  readonly path: string;
  readonly id: string;
}

/** Everything that one render reads. Equal digests render equal objects. */
export interface Closure {
  readonly renderer: Exclude<RendererKind, 'AUTO'>;
  /** Of the program that renders; `builtin` for PLAIN. */
  readonly rendererVersion: string;
  readonly files: readonly ClosureFile[];
  readonly digest: string;
}

/** One object as it was rendered, not yet judged; `origin` says where it came from: `app/web.yaml:12`. */
export interface RenderedDocument {
  readonly value: unknown;
  readonly origin: string;
}
