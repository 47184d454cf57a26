// Everything that can be wrong with a policy's steps, all of it at once.
import { verificationProblems } from './check-problems.ts';
import { gateProblems } from './gate-problems.ts';
import type { PolicyStep } from './policy-step.ts';
import { upstreamOf, waitsOf } from './policy.ts';
import { doubled, passableBuiltInGates, waveGate } from './step-names.ts';
import { waitCycle } from './wait-cycle.ts';
import { waveProblems } from './wave-problems.ts';

/** More than any delivery path has; keeps one policy's reads small. */
export const MAX_STEPS = 50;

/** Sentences for a person; empty where the steps are good. `unknown`: environments that do not exist. */
export function policyProblems(
  steps: readonly PolicyStep[],
  unknown: readonly string[],
  now: Date,
): string[] {
  if (steps.length === 0) return ['A policy needs at least one step.'];
  const cycle = waitCycle(
    new Map(steps.map((step, index) => [step.environment, new Set(waitsOf(steps, index))])),
  );
  return [
    ...(steps.length > MAX_STEPS
      ? [`A policy has at most ${MAX_STEPS} steps; this one has ${steps.length}.`]
      : []),
    ...unknown.map((name) => `Environment "${name}" does not exist: save it first.`),
    ...doubled(steps.map(({ environment }) => environment)).map(
      (name) => `Environment "${name}" has more than one step.`,
    ),
    ...steps.flatMap((step, index) =>
      stepProblems(steps, index, now).map((problem) => `Step "${step.environment}": ${problem}`),
    ),
    ...(cycle === undefined ? [] : [`The steps wait for each other: ${cycle.join(' after ')}.`]),
  ];
}

/** Every environment that the steps name, in dependencies as well. */
export function namedEnvironments(steps: readonly PolicyStep[]): string[] {
  const dependencies = steps.flatMap(({ gates }) =>
    gates.flatMap((gate) =>
      gate.kind === 'dependency' && gate.environment !== null ? [gate.environment] : [],
    ),
  );
  return [...new Set([...steps.map(({ environment }) => environment), ...dependencies])];
}

function stepProblems(steps: readonly PolicyStep[], index: number, now: Date): string[] {
  const step = steps[index];
  if (!step) return [];
  const environments = steps.map(({ environment }) => environment);
  const hasUpstream = upstreamOf(steps, index).length > 0;
  return [
    ...(step.after ?? [])
      .filter((name) => !environments.includes(name))
      .map((name) => `after names "${name}", which is no step of this policy.`),
    ...gateProblems(step.gates, { environments, hasUpstream, now }),
    ...waveProblems(step.waves),
    ...verificationProblems(step.verification).map((problem) => `verification: ${problem}`),
    ...skipProblems(step),
    ...(step.progressDeadlineMs > 0 ? [] : ['progressDeadline must be longer than 0s.']),
  ];
}

function skipProblems({ gates, waves, hotfixSkips }: PolicyStep): string[] {
  const own = gates.map(({ name }) => name);
  const approved = waves.filter(({ approval }) => approval !== null).map(({ name }) => waveGate(name));
  const known = [...own, ...passableBuiltInGates, ...approved];
  return hotfixSkips
    .filter((name) => !known.includes(name))
    .map((name) => `hotfixSkips names "${name}", which is no gate of this step (${known.join(', ')}).`);
}
