// A policy revision's stored steps, read as promotions need them: who comes before whom, who moves by itself.
import type { CurrentStep } from './promotion-facts-store.ts';

/** A step as policies store it. */
interface StoredStep {
  readonly environment: string;
  readonly trigger: 'AUTOMATIC' | 'MANUAL';
  readonly after: readonly string[] | null;
  readonly progressDeadlineMs: number;
}

/**
 * The steps in order, with the ids of the environments that still exist.
 * `after` left out means the step before; the first step, or `[]`, waits for none (promotions.md, "Upstream").
 */
export function currentSteps(
  stored: unknown,
  environmentIds: Readonly<Record<string, string>>,
): CurrentStep[] {
  const steps = stored as readonly StoredStep[];
  return steps.map((step, index) => {
    const before = steps[index - 1]?.environment;
    const id = environmentIds[step.environment];
    return {
      environment: step.environment,
      environmentId: id === undefined ? null : BigInt(id),
      automatic: step.trigger === 'AUTOMATIC',
      upstream: step.after ?? (before === undefined ? [] : [before]),
      progressDeadlineMs: step.progressDeadlineMs,
    };
  });
}

/** The environments into which releases move by themselves. */
export function automaticEnvironments(stored: unknown): Set<string> {
  const steps = stored as readonly StoredStep[];
  return new Set(steps.filter((step) => step.trigger === 'AUTOMATIC').map((step) => step.environment));
}
