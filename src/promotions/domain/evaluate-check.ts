// Gates that are answered by the world outside: checks and webhooks.
import type { GateRule } from '../../policies/domain/policy-step.ts';
import type { CheckFact } from './gate-facts.ts';
import type { Judged } from './gate-verdict.ts';

type AskingRule = Extract<GateRule, { kind: 'check' | 'webhook' }>;

/** A check that fails ends the promotion; one that is inconclusive waits for a person; an unanswered webhook expires. */
export function evaluateCheck(rule: AskingRule, checks: readonly CheckFact[]): Judged {
  const gate = { gate: rule.name, kind: rule.kind === 'webhook' ? 'WEBHOOK' : 'CHECK' } as const;
  const run = checks.find((each) => each.gate === rule.name);
  if (!run) return { ...gate, verdict: 'WAITING', message: `${rule.name} is asked once ${before(rule)}.` };
  const said = { ...gate, message: `${rule.name}: ${run.message || wordsOf(run)}`, since: run.since };
  switch (run.state) {
    case 'RUNNING':
      return { ...said, verdict: 'WAITING', until: run.deadlineAt };
    case 'PASSED':
      return { ...said, verdict: 'PASSED' };
    case 'FAILED':
      return { ...said, verdict: 'FAILED', end: 'FAIL' };
    case 'INCONCLUSIVE':
      return rule.kind === 'webhook' && run.expired
        ? { ...said, verdict: 'FAILED', end: 'EXPIRE' }
        : {
            ...said,
            verdict: 'INCONCLUSIVE',
            message: `${said.message} A person must override the gate or reject the promotion.`,
          };
  }
}

function before({ kind }: AskingRule): string {
  // People who answer a webhook need time; what a check measures must still be true when the rollout starts.
  return kind === 'webhook' ? 'the release has passed upstream and soak' : 'everything else has passed';
}

function wordsOf({ state }: CheckFact): string {
  return state === 'RUNNING' ? 'no answer yet.' : `${state.toLowerCase()}.`;
}
