// A wave from GraphQL's words to the domain's, with every default in its place.
import type { WaveRule } from '../domain/policy-step.ts';
import { toChecks, type Complain } from './to-check.ts';
import { toApproval } from './to-gate.ts';
import type { WaveInput } from './wave.inputs.ts';

/** `complain` hears of checks that are none. */
export function toWave(input: WaveInput, complain: Complain): WaveRule {
  const { name, bake, approval, verification } = input;
  return {
    name,
    ...choiceOf(input),
    ...budgetsOf(input),
    bakeMs: bake ?? 0,
    approval: approval ? toApproval(approval) : null,
    verification: toChecks(verification, (problem) => complain(`wave "${name}": ${problem}`)),
  };
}

function choiceOf({ selector, percent, count, maxConcurrent, maxConcurrentPercent }: WaveInput) {
  return {
    selector: selector ?? null,
    percent: percent ?? null,
    count: count ?? null,
    maxConcurrent: maxConcurrent ?? null,
    maxConcurrentPercent: maxConcurrentPercent ?? null,
  };
}

function budgetsOf({ maxFailures, maxFailuresPercent, maxOffline, maxOfflinePercent }: WaveInput) {
  return {
    maxFailures: maxFailures ?? null,
    maxFailuresPercent: maxFailuresPercent ?? null,
    maxOffline: maxOffline ?? null,
    maxOfflinePercent: maxOfflinePercent ?? null,
  };
}
