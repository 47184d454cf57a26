// What can be wrong with the gates of one step.
import { approvalProblems } from './approval-problems.ts';
import { checkProblems, webhookProblems } from './check-problems.ts';
import type { GateRule } from './policy-step.ts';
import { builtInGates, doubled, stepNameProblem } from './step-names.ts';
import { windowProblems } from './window-problems.ts';

/** What the gates are judged against. */
export interface GateSurroundings {
  /** The policy's environments. */
  readonly environments: readonly string[];
  /** Whether the step waits for any environment before it. */
  readonly hasUpstream: boolean;
  readonly now: Date;
}

const MAX_GATES = 50;

/** Problems of all gates of a step, and of two with one name. */
export function gateProblems(gates: readonly GateRule[], surroundings: GateSurroundings): string[] {
  return [
    ...(gates.length > MAX_GATES ? [`it has ${gates.length} gates; at most ${MAX_GATES}.`] : []),
    ...doubled(gates.map(({ name }) => name)).map((name) => `two gates have the name "${name}".`),
    ...gates.flatMap((gate) =>
      [...nameProblems(gate.name), ...problemsOf(gate, surroundings)].map(
        (problem) => `gate "${gate.name}": ${problem}`,
      ),
    ),
  ];
}

function nameProblems(name: string): string[] {
  const problem = stepNameProblem(name);
  const reserved = builtInGates.some((gate) => gate === name);
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(reserved ? ['every step has a gate of this name already.'] : []),
  ];
}

function problemsOf(gate: GateRule, surroundings: GateSurroundings): string[] {
  switch (gate.kind) {
    case 'soak':
      return soakProblems(gate, surroundings);
    case 'approval':
      return approvalProblems(gate);
    case 'window':
      return windowProblems(gate, surroundings.now);
    case 'dependency':
      return gate.minRelease === null || gate.minRelease >= 1 ? [] : ['minRelease must be at least 1.'];
    case 'check':
      return checkProblems(gate.check);
    case 'webhook':
      return webhookProblems(gate);
    case 'driftFree':
      return [];
  }
}

function soakProblems(
  { environment, durationMs }: Extract<GateRule, { kind: 'soak' }>,
  { environments, hasUpstream }: GateSurroundings,
): string[] {
  const nowhere = environment === null && !hasUpstream;
  const unknown = environment !== null && !environments.includes(environment);
  return [
    ...(nowhere ? ['it needs an environment, because the step comes after none.'] : []),
    ...(unknown ? [`environment "${environment}" is no step of this policy.`] : []),
    ...(durationMs > 0 ? [] : ['duration must be longer than 0s.']),
  ];
}
