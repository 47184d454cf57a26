// What can be deployed: a Git source, a policy, and how agents keep it.
import type { UserRule } from '@fairlead/health/user-rules/user-rule';
import type { DriftPolicy, IgnoreRule } from '@fairlead/protocol/assignment';
import { parseTemplate } from './source-template.ts';

/** AUTO: a kustomization, else a Chart.yaml, else PLAIN. */
export type RendererName = 'AUTO' | 'PLAIN' | 'KUSTOMIZE' | 'HELM';

/** What a chart gets; `releaseName` null: the application's name. */
export interface HelmSettings {
  readonly releaseName: string | null;
  /** May hold variables. Relative to the chart; with a leading `/`, to the repository. */
  readonly valueFiles: readonly string[];
  readonly values: unknown;
}

/** Where an application comes from. `path` and value files may hold variables. */
export interface ApplicationSource {
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
  readonly renderer: RendererName;
  readonly helm: HelmSettings | null;
}

/** How agents keep the instances of an application. */
export interface SyncPolicy {
  readonly prune: boolean;
  readonly drift: DriftPolicy;
  /** Where an environment differs. */
  readonly environments: readonly { readonly environment: string; readonly drift: DriftPolicy }[];
  readonly ignore: readonly IgnoreRule[];
  readonly pruneLimitPercent: number;
  readonly adopt: boolean;
}

/** What a person saves. */
export interface ApplicationRequest {
  readonly name: string;
  readonly namespace: string | null;
  /** A ServiceAccount of `namespace`; null: the agents' own rights. */
  readonly serviceAccountName: string | null;
  readonly source: ApplicationSource;
  readonly policy: string;
  readonly syncPolicy: SyncPolicy;
  /** As given: a text, or values; null: none. */
  readonly healthRules: unknown;
}

/** Why the last look at a source gave no release; the last good one stays. */
export interface SourceFault {
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

/** An application as stored. */
export interface Application {
  readonly id: bigint;
  readonly name: string;
  readonly namespace: string | null;
  readonly serviceAccountName: string | null;
  readonly repositoryId: bigint;
  readonly source: ApplicationSource;
  readonly policyId: bigint;
  readonly policyName: string;
  readonly syncPolicy: SyncPolicy;
  /** Its own, before those of the hub; null where there are none. */
  readonly healthRules: readonly UserRule[] | null;
  readonly sourceFault: SourceFault | null;
}

/** The namespace of objects that name none. */
export function namespaceOf({ namespace }: Pick<Application, 'namespace'>): string {
  return namespace ?? 'default';
}

/** Whether the source reads differently from cluster to cluster. */
export function usesClusterVariables({ path, helm }: Pick<ApplicationSource, 'path' | 'helm'>): boolean {
  return [path, ...(helm?.valueFiles ?? [])].some((text) => {
    const template = parseTemplate(text);
    return !('problems' in template) && template.usesCluster;
  });
}
