// What must hold before a pending promotion starts. The start check and every "why is it not moving" ask this function.
import type { Wait } from './wait.ts';

/** What was read, inside the transaction where a start is decided. */
export interface GateFacts {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly pendingSince: Date;
  /** The environments that come before, with whether this release is VERIFIED and not REVOKED there. */
  readonly upstream: readonly {
    readonly environment: string;
    readonly verified: boolean;
    readonly exists: boolean;
  }[];
  /** The promotion that holds the slot. */
  readonly holder?: { readonly release: number; readonly since: Date } | undefined;
  readonly clusters: number;
  /** Bundles that could not be rendered for this release: cluster and reason. */
  readonly renderErrors: readonly { readonly cluster: string; readonly message: string }[];
}

/** Every gate that does not pass, in the order in which a person would ask; none: it may start now. */
export function unmetGates(facts: GateFacts): Wait[] {
  return [...upstreamWaits(facts), ...slotWaits(facts), ...clusterWaits(facts), ...sourceWaits(facts)];
}

/** Whether a newer release may take this one's place: only UPSTREAM decides that, not what else it waits for. */
export function upstreamPassed(facts: Pick<GateFacts, 'upstream'>): boolean {
  return facts.upstream.every((step) => step.verified || !step.exists);
}

function upstreamWaits(facts: GateFacts): Wait[] {
  return facts.upstream
    .filter((step) => step.exists && !step.verified)
    .map((step) => ({
      kind: 'UPSTREAM' as const,
      message: `Release ${facts.release} of ${facts.application} must be verified in ${step.environment} before it may enter ${facts.environment}.`,
      since: facts.pendingSince,
    }));
}

function slotWaits({ application, environment, holder }: GateFacts): Wait[] {
  if (!holder) return [];
  const message = `Release ${holder.release} of ${application} is being rolled out in ${environment}; one at a time.`;
  return [{ kind: 'SLOT', message, since: holder.since }];
}

function clusterWaits({ clusters, environment, pendingSince }: GateFacts): Wait[] {
  if (clusters > 0) return [];
  const message = `No accepted cluster matches ${environment}; it starts when the first one joins.`;
  return [{ kind: 'CLUSTERS', message, since: pendingSince }];
}

function sourceWaits({ renderErrors, release, pendingSince }: GateFacts): Wait[] {
  return renderErrors.map(({ cluster, message }) => ({
    kind: 'SOURCE' as const,
    message: `Release ${release} cannot be rendered for cluster ${cluster}: ${message}`,
    since: pendingSince,
  }));
}
