// A step from GraphQL's words to the domain's, with every default in its place.
import type { PolicyStep } from '../domain/policy-step.ts';
import { stepDefaults, type PolicyStepInput } from './policy.inputs.ts';
import { toChecks, type Complain } from './to-check.ts';
import { toGate } from './to-gate.ts';
import { toWave } from './to-wave.ts';

/** The steps, and what is wrong with the form of their input: gates and checks that are not exactly one thing. */
export interface ReadSteps {
  readonly steps: readonly PolicyStep[];
  readonly problems: readonly string[];
}

/** Gates and checks whose form is wrong are left out of `steps` and named in `problems`. */
export function toPolicySteps(inputs: readonly PolicyStepInput[]): ReadSteps {
  const problems: string[] = [];
  const steps = inputs.map((input) =>
    toPolicyStep(input, (problem) => void problems.push(`Step "${input.environment}": ${problem}`)),
  );
  return { steps, problems };
}

function toPolicyStep(input: PolicyStepInput, complain: Complain): PolicyStep {
  const { environment, gates, waves, verification } = input;
  return {
    environment,
    ...entryOf(input),
    gates: (gates ?? []).flatMap((gate) => toGate(gate, complain) ?? []),
    waves: (waves ?? []).map((wave) => toWave(wave, complain)),
    verification: toChecks(verification, (problem) => complain(`verification: ${problem}`)),
    ...rulesOf(input),
  };
}

function entryOf({ trigger, after, supersede, hotfixSkips }: PolicyStepInput) {
  return {
    trigger: trigger ?? stepDefaults.trigger,
    after: after ?? null,
    supersede: supersede ?? stepDefaults.supersede,
    hotfixSkips: hotfixSkips ?? [],
  };
}

function rulesOf({ onFailure, progressDeadline, offline, onFreeze }: PolicyStepInput) {
  return {
    onFailure: {
      rollback: onFailure?.rollback ?? stepDefaults.rollback,
      hold: onFailure?.hold ?? stepDefaults.hold,
    },
    progressDeadlineMs: progressDeadline ?? stepDefaults.progressDeadline,
    offline: offline ?? stepDefaults.offline,
    onFreeze: onFreeze ?? stepDefaults.onFreeze,
  };
}
