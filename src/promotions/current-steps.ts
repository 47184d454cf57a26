// A policy revision's stored steps, read as promotions need them: who comes before whom, who moves by itself.
import { upstreamOf, type PolicyStep } from '../policies/domain/policy.ts';
import type { CurrentPolicy, CurrentStep } from './promotion-facts-store.ts';
import type { StepRevision } from './promotion-store.ts';

/** The steps in order, with the ids of the environments that still exist. */
export function currentSteps(
  stored: unknown,
  environmentIds: Readonly<Record<string, string>>,
): CurrentStep[] {
  const steps = stored as readonly PolicyStep[];
  return steps.map(({ environment, trigger, progressDeadlineMs }, index) => {
    const id = environmentIds[environment];
    return {
      environment,
      environmentId: id === undefined ? null : BigInt(id),
      automatic: trigger === 'AUTOMATIC',
      upstream: upstreamOf(steps, index),
      progressDeadlineMs,
    };
  });
}

/** What a promotion of the step remembers of the policy. */
export function revisionOf(
  { policyRevisionId, policyRevision }: CurrentPolicy,
  { upstream, progressDeadlineMs }: CurrentStep,
): StepRevision {
  return { policyRevisionId, policyRevision, step: { upstream, progressDeadlineMs } };
}

/** The environments into which releases move by themselves. */
export function automaticEnvironments(stored: unknown): Set<string> {
  const steps = stored as readonly PolicyStep[];
  return new Set(steps.filter((step) => step.trigger === 'AUTOMATIC').map((step) => step.environment));
}
