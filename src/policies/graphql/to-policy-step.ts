// From GraphQL's words to the domain's.
import type { PolicyStep } from '../domain/policy.ts';
import type { PolicyStepInput } from './policy.inputs.ts';

export function toPolicyStep({ environment, trigger, after, progressDeadline }: PolicyStepInput): PolicyStep {
  return { environment, trigger, after: after ?? null, progressDeadlineMs: progressDeadline };
}
