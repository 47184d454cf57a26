// A promotion policy: one step per environment, in order. A revision never changes once it is stored.

/** AUTOMATIC: each new release gets a promotion by itself. */
export type Trigger = 'AUTOMATIC' | 'MANUAL';

/** One environment of a policy, as stored. */
export interface PolicyStep {
  readonly environment: string;
  readonly trigger: Trigger;
  /** Environments in which a release must be verified before; null: the step before this one. */
  readonly after: readonly string[] | null;
  readonly progressDeadlineMs: number;
}

/** A policy in one of its revisions. */
export interface Policy {
  readonly id: bigint;
  readonly name: string;
  readonly revision: number;
  readonly steps: readonly PolicyStep[];
}

/** The environments whose verification a step waits for; the first step waits for none unless it says so. */
export function upstreamOf(steps: readonly PolicyStep[], index: number): readonly string[] {
  const before = steps[index - 1]?.environment;
  return steps[index]?.after ?? (before === undefined ? [] : [before]);
}

/** Whether saving `next` over `current` would change nothing, so that no revision is made. */
export function sameSteps(current: readonly PolicyStep[], next: readonly PolicyStep[]): boolean {
  return current.length === next.length && current.every((step, index) => sameStep(step, next[index]));
}

function sameStep(a: PolicyStep, b: PolicyStep | undefined): boolean {
  return (
    a.environment === b?.environment &&
    a.trigger === b.trigger &&
    a.progressDeadlineMs === b.progressDeadlineMs &&
    JSON.stringify(a.after) === JSON.stringify(b.after)
  );
}
