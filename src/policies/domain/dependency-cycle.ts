// Applications whose policies wait for each other's releases: saved like that, neither would ever move.
import type { PolicyStep } from './policy-step.ts';
import { waitsOf } from './policy.ts';
import { waitCycle } from './wait-cycle.ts';

/** An application with the steps of the policy that it follows. */
export interface PolicyUser {
  readonly application: string;
  readonly steps: readonly PolicyStep[];
}

/**
 * The circle in sentences' words (`shop in prod`), its first also at its end; `undefined` where there is none.
 * Circles inside one policy are a matter of `policyProblems`.
 */
export function dependencyCycle(users: readonly PolicyUser[]): string[] | undefined {
  return waitCycle(new Map(users.flatMap(edgesOf)));
}

function edgesOf({ application, steps }: PolicyUser): [string, Set<string>][] {
  return steps.map((step, index) => {
    const own = waitsOf(steps, index).map((environment) => node(application, environment));
    const others = step.gates.flatMap((gate) =>
      gate.kind === 'dependency' ? [node(gate.application, gate.environment ?? step.environment)] : [],
    );
    return [node(application, step.environment), new Set([...own, ...others])];
  });
}

function node(application: string, environment: string): string {
  return `${application} in ${environment}`;
}
