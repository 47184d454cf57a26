// A promotion policy: one step per environment, in order. A revision never changes once it is stored.
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { PolicyStep } from './policy-step.ts';

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

/** All environments in which something must have happened before a step: those it comes after, and where it soaks. */
export function waitsOf(steps: readonly PolicyStep[], index: number): readonly string[] {
  const soaks = (steps[index]?.gates ?? []).flatMap((gate) =>
    gate.kind === 'soak' && gate.environment !== null ? [gate.environment] : [],
  );
  return [...new Set([...upstreamOf(steps, index), ...soaks])];
}

/** Whether saving `next` over `current` would change nothing, so that no revision is made. */
export function sameSteps(current: readonly PolicyStep[], next: readonly PolicyStep[]): boolean {
  return canonicalJson(current) === canonicalJson(next);
}
