// From the domain's words to GraphQL's and back.
import type { Policy, PolicyStep } from '../domain/policy.ts';
import type { PolicyStepInput } from './policy.inputs.ts';
import type { PolicyType } from './policy.type.ts';

export function toPolicyType({ name, revision, steps }: Policy): PolicyType {
  return {
    name,
    revision,
    steps: steps.map(({ environment, trigger, after, progressDeadlineMs }) => ({
      environment,
      trigger,
      after: after ? [...after] : null,
      progressDeadline: progressDeadlineMs,
    })),
  };
}

export function toPolicyStep({ environment, trigger, after, progressDeadline }: PolicyStepInput): PolicyStep {
  return { environment, trigger, after: after ?? null, progressDeadlineMs: progressDeadline };
}
