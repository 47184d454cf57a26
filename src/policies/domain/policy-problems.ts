// Everything that can be wrong with a policy's steps, all of it at once.
import { upstreamOf, type PolicyStep } from './policy.ts';

/** More than any delivery path has; keeps one policy's reads small. */
export const MAX_STEPS = 50;

/** Sentences for a person; empty where the steps are good. `unknown`: environments that do not exist. */
export function policyProblems(steps: readonly PolicyStep[], unknown: readonly string[]): string[] {
  if (steps.length === 0) return ['A policy needs at least one step.'];
  const cycle = cycleIn(steps);
  return [
    ...(steps.length > MAX_STEPS
      ? [`A policy has at most ${MAX_STEPS} steps; this one has ${steps.length}.`]
      : []),
    ...unknown.map((name) => `Environment "${name}" does not exist: save it first.`),
    ...doubled(steps).map((name) => `Environment "${name}" has more than one step.`),
    ...steps.flatMap((step) => afterProblems(step, steps)),
    ...(cycle === undefined ? [] : [`The steps wait for each other: ${cycle.join(' after ')}.`]),
    ...steps
      .filter((step) => step.progressDeadlineMs <= 0)
      .map((step) => `Step "${step.environment}": progressDeadline must be longer than 0s.`),
  ];
}

function doubled(steps: readonly PolicyStep[]): string[] {
  const names = steps.map((step) => step.environment);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function afterProblems(step: PolicyStep, steps: readonly PolicyStep[]): string[] {
  const names = new Set(steps.map(({ environment }) => environment));
  return (step.after ?? [])
    .filter((name) => !names.has(name))
    .map((name) => `Step "${step.environment}": after names "${name}", which is no step of this policy.`);
}

// Takes away, again and again, the steps that wait for nothing that is left; what remains waits in a circle.
function cycleIn(steps: readonly PolicyStep[]): string[] | undefined {
  const waits = new Map(steps.map((step, index) => [step.environment, new Set(upstreamOf(steps, index))]));
  for (let removed = true; removed;) {
    const free = [...waits].filter(([, on]) => [...on].every((name) => !waits.has(name)));
    for (const [name] of free) waits.delete(name);
    removed = free.length > 0;
  }
  return waits.size === 0 ? undefined : circleFrom(waits);
}

function circleFrom(waits: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let at = [...waits.keys()][0];
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = [...(waits.get(at) ?? [])].find((name) => waits.has(name));
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at];
}
