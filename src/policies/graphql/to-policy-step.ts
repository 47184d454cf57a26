// From GraphQL's words to the domain's, with every default in its place.
import type { PolicyStep } from '../domain/policy.ts';
import { DEFAULT_PROGRESS_DEADLINE_MS, type PolicyStepInput } from './policy.inputs.ts';

export function toPolicyStep({ environment, trigger, after, progressDeadline }: PolicyStepInput): PolicyStep {
  return {
    environment,
    trigger: trigger ?? 'MANUAL',
    after: after ?? null,
    progressDeadlineMs: progressDeadline ?? DEFAULT_PROGRESS_DEADLINE_MS,
  };
}
