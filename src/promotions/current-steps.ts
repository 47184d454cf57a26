// A policy revision's stored steps, read as promotions need them: who comes before whom, who moves by itself.
import type { PolicyStep } from '../policies/domain/policy-step.ts';
import { upstreamOf } from '../policies/domain/policy.ts';
import type { CurrentPolicy, CurrentStep } from './promotion-facts-store.ts';
import type { StepRevision } from './promotion-store.ts';

/** The steps in order, with the ids of the environments that still exist. */
export function currentSteps(
  stored: unknown,
  environmentIds: Readonly<Record<string, string>>,
): CurrentStep[] {
  const steps = stored as readonly PolicyStep[];
  return steps.map(({ after: _after, trigger, ...rules }, index) => {
    const { environment } = rules;
    const id = environmentIds[environment];
    return {
      environment,
      environmentId: id === undefined ? null : BigInt(id),
      automatic: trigger === 'AUTOMATIC',
      rules: { ...rules, upstream: upstreamOf(steps, index) },
    };
  });
}

/** What a promotion of the step remembers of the policy. */
export function revisionOf(
  { policyRevisionId, policyRevision }: CurrentPolicy,
  { rules }: CurrentStep,
): StepRevision {
  return { policyRevisionId, policyRevision, step: rules };
}

/** The environments into which releases move by themselves. */
export function automaticEnvironments(stored: unknown): Set<string> {
  const steps = stored as readonly PolicyStep[];
  return new Set(steps.filter((step) => step.trigger === 'AUTOMATIC').map((step) => step.environment));
}
