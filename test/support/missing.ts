// What happens to a suite whose programs are not on this machine: it is left out for all to see, and where the
// machine was promised to have them (CI), it fails.
import { describe, it } from 'vitest';
import { locateTools, type ToolName } from '../../scripts/go-tools/locate-tools.mjs';

/**
 * Something outside the project that a suite cannot do without. `problem` says why it cannot be had; undefined
 * when it can. When one of the environment variables `requiredBy` is set, doing without it is a failure.
 */
export interface Need {
  readonly what: string;
  readonly problem: string | undefined;
  readonly requiredBy: readonly string[];
}

/** What becomes of a suite; `message` says why it does not run. */
export type Fate =
  { readonly runs: true } | { readonly runs: false; readonly fails: boolean; readonly message: string };

/** Decides whether a suite with this need runs, is left out, or fails. */
export function fateOf({ what, problem, requiredBy }: Need, env: NodeJS.ProcessEnv): Fate {
  if (problem === undefined) return { runs: true };
  const message = `needs ${what}, which cannot be had here: ${problem}`;
  const requiring = requiredBy.find((variable) => env[variable]);
  if (requiring === undefined) return { runs: false, fails: false, message };
  return { runs: false, fails: true, message: `${message}; ${requiring} is set, so this is a failure` };
}

/** Declares a suite that needs something: it runs, or is reported as left out, or fails, as `fateOf` says. */
export function describeNeeding(need: Need, name: string, suite: () => void): void {
  const fate = fateOf(need, process.env);
  if (fate.runs) describe(name, suite);
  else if (fate.fails) fail(name, fate.message);
  else leaveOut(name, fate.message);
}

/** Declares a suite that needs real control planes. */
export function describeOnKube(name: string, suite: () => void): void {
  describeNeeding(toolsNeed('a Kubernetes control plane', ['kube', 'etcd', 'kwok'], 'kube'), name, suite);
}

/** Declares a suite that runs helm or kustomize. */
export function describeWithTool(tool: 'helm' | 'kustomize', name: string, suite: () => void): void {
  describeNeeding(toolsNeed(tool, [tool], tool), name, suite);
}

function toolsNeed(what: string, tools: readonly ToolName[], word: string): Need {
  const reasons = locateTools(tools).missing.map(({ reason }) => reason);
  const problem = `${reasons.join('; ')}; run: node scripts/build-tools.mjs ${word}`;
  return {
    what,
    problem: reasons.length === 0 ? undefined : problem,
    requiredBy: ['CI', 'FAIRLEAD_REQUIRE_KUBE'],
  };
}

function leaveOut(name: string, message: string): void {
  process.stderr.write(`\n*** LEFT OUT: "${name}" ${message}\n\n`);
  describe.runIf(false)(name, () => {
    it(message, () => undefined);
  });
}

function fail(name: string, message: string): void {
  describe(name, () => {
    it('has what it needs', () => {
      throw new Error(message);
    });
  });
}
