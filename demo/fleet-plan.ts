// Which clusters the demo shows, and what stands behind each.
import type { DemoOptions } from './demo-options.ts';

/** The environments of the story, in the order in which a release walks through them. */
export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;

/** One of them. */
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** What a cluster is made of. */
export type ClusterKind = 'simulated' | 'control-plane' | 'context';

/** A cluster that the demo will enrol. */
export interface PlannedCluster {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly kind: ClusterKind;
  /** The kubeconfig context, where `kind` is `context`. */
  readonly context?: string;
}

/**
 * Clusters in prod where no context is named: simulated ones, which cost nothing but an agent each, are so many that a
 * rollout has a canary, a quarter and a rest; of real control planes a canary and a rest that can do without one.
 */
const USUAL_PROD = { simulated: 5, 'control-plane': 3 } as const;

/**
 * `dev-1`, `staging-1`, `prod-1`, and more of prod where no context is named: contexts take their places in this order,
 * further ones become `prod-2` and so on; what is left is simulated, or a real control plane where that is asked for.
 */
export function planFleet({ kube, contexts }: Pick<DemoOptions, 'kube' | 'contexts'>): PlannedCluster[] {
  const rest = kube ? 'control-plane' : 'simulated';
  const prod = contexts.length === 0 ? USUAL_PROD[rest] : 1;
  const places = Math.max(ENVIRONMENTS.length - 1 + prod, contexts.length);
  return Array.from({ length: places }, (_, index): PlannedCluster => {
    const environment = ENVIRONMENTS[index] ?? 'prod';
    const name = `${environment}-${Math.max(1, index - ENVIRONMENTS.length + 2)}`;
    const context = contexts[index];
    return context === undefined
      ? { name, environment, kind: rest }
      : { name, environment, kind: 'context', context };
  });
}

/** One line that tells two fleets apart: a data folder remembers one fleet, and no other will do. */
export function fleetSignature(fleet: readonly PlannedCluster[]): string {
  return fleet
    .map(({ name, kind, context }) => `${name}=${context === undefined ? kind : `context ${context}`}`)
    .join(', ');
}

/** The fleet in a few words for people: `3 simulated clusters`. */
export function fleetInWords(fleet: readonly PlannedCluster[]): string {
  const kinds = [...new Set(fleet.map(({ kind }) => kind))];
  const parts = kinds.map((kind) => kindInWords(kind, fleet.filter((one) => one.kind === kind).length));
  return parts.join(' and ');
}

function kindInWords(kind: ClusterKind, count: number): string {
  const clusters = count === 1 ? 'cluster' : 'clusters';
  const words: Record<ClusterKind, string> = {
    simulated: `simulated ${clusters}`,
    'control-plane': count === 1 ? 'real control plane' : 'real control planes',
    context: `${clusters} of your kubeconfig`,
  };
  return `${count} ${words[kind]}`;
}
