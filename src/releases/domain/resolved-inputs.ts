// The distinct inputs of a render: one per resolved path and value files, not one per cluster.
import {
  parseTemplate,
  resolveTemplate,
  type SourceTemplate,
  type TemplateInputs,
} from '../../applications/domain/source-template.ts';
import type { PinnedSource } from './release.ts';

/** An environment of the application's policy, with its clusters. */
export interface TargetSlot {
  readonly environmentId: bigint;
  readonly environment: string;
  readonly clusters: readonly TargetCluster[];
}

/** A cluster, as far as a template may ask. */
export interface TargetCluster {
  readonly id: bigint;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Path and value files without variables. */
export interface RenderInputs {
  readonly path: string;
  readonly valueFiles: readonly string[];
}

/** The inputs of one slot. Clusters that lack a label have an error instead. */
export interface SlotInputs {
  readonly environmentId: bigint;
  /** By key: equal inputs have one key. */
  readonly inputs: ReadonlyMap<string, RenderInputs>;
  readonly keyOfCluster: ReadonlyMap<bigint, string>;
  readonly errors: ReadonlyMap<bigint, { readonly code: 'LABEL_MISSING'; readonly message: string }>;
}

/** A slot without clusters is rendered once by its name, unless a cluster's variable is used. */
export function slotInputs(source: PinnedSource, slot: TargetSlot): SlotInputs {
  const templates = templatesOf(source);
  const inputs = new Map<string, RenderInputs>();
  const keyOfCluster = new Map<bigint, string>();
  const errors: Map<bigint, { code: 'LABEL_MISSING'; message: string }> = new Map();
  const { environment, environmentId, clusters } = slot;
  const alone = clusters.length === 0 ? resolvedTexts(templates, { environment }) : undefined;
  if (alone && 'texts' in alone) addInputs(inputs, alone.texts);
  for (const cluster of clusters) {
    const resolved = resolvedTexts(templates, { environment, cluster });
    if ('texts' in resolved) keyOfCluster.set(cluster.id, addInputs(inputs, resolved.texts));
    else errors.set(cluster.id, missing(cluster, environment, resolved.missingLabel));
  }
  return { environmentId, inputs, keyOfCluster, errors };
}

function addInputs(inputs: Map<string, RenderInputs>, [path = '', ...valueFiles]: readonly string[]): string {
  const key = JSON.stringify([path, valueFiles]);
  inputs.set(key, { path, valueFiles });
  return key;
}

function resolvedTexts(
  templates: readonly SourceTemplate[],
  values: TemplateInputs,
): { readonly texts: readonly string[] } | { readonly missingLabel: string } {
  const texts: string[] = [];
  for (const template of templates) {
    const resolution = resolveTemplate(template, values);
    if (resolution === 'NEEDS_CLUSTER') return { missingLabel: '' };
    if ('missingLabel' in resolution) return resolution;
    texts.push(resolution.text);
  }
  return { texts };
}

function missing(cluster: TargetCluster, environment: string, label: string) {
  const message = `Cluster "${cluster.name}" in "${environment}" has no label "${label}", which the application's path or value files use: set it.`;
  return { code: 'LABEL_MISSING', message } as const;
}

// They were checked when the application was saved; a text that no longer parses is taken as it stands.
function templatesOf({ path, helm }: PinnedSource): SourceTemplate[] {
  return [path, ...(helm?.valueFiles ?? [])].map((text) => {
    const template = parseTemplate(text);
    return 'problems' in template ? { parts: [text], usesCluster: false } : template;
  });
}
