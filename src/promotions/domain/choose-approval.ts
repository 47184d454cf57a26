// Which gate a person's approval is for, and whether it would count; a refusal says what is missing.
import type { ApprovalRule } from '../../policies/domain/policy-step.ts';
import { waveGate } from '../../policies/domain/step-names.ts';
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { approvalProblem, approverProblem, evaluateApproval, type Approver } from './evaluate-approval.ts';
import type { CommonFacts } from './gate-facts.ts';
import { isTerminal, type PromotionState, type PromotionStep } from './promotion.ts';

/** An approval that a step asks for, by the name of its gate. */
export type NamedApproval = ApprovalRule & { readonly name: string };

/** Who wants to approve what. */
export interface ApprovalRequest {
  /** Left out: the one that waits. */
  readonly gate: string | undefined;
  readonly by: Approver;
}

type Facts = Pick<
  CommonFacts,
  'requestedBy' | 'authors' | 'approvals' | 'pendingSince' | 'intent' | 'step'
> & {
  readonly state: PromotionState;
};

/** `already`: this person's approval counts there now, so that nothing is to be done. */
export interface ChosenApproval {
  readonly gate: string;
  readonly already: boolean;
}

/** Every consent that a step asks for: of its gates first, then of its waves. */
export function approvalsOf(step: PromotionStep): NamedApproval[] {
  const gates = step.gates.flatMap((gate) => (gate.kind === 'approval' ? [gate] : []));
  const waves = step.waves.flatMap(({ name, approval }) =>
    approval ? [{ ...approval, name: waveGate(name) }] : [],
  );
  return [...gates, ...waves];
}

/** The gate to approve; a gate of a later wave may be named in advance, and is chosen once the rollout runs. */
export function chooseApproval(facts: Facts, request: ApprovalRequest, now: Date): ChosenApproval | Refusal {
  if (isTerminal(facts.state)) {
    return refuse('ALREADY_ENDED', `The promotion is ${facts.state}: nothing is to be approved any more.`);
  }
  const asked = facts.intent === 'ROLLBACK' ? [] : approvalsOf(facts.step);
  if (asked.length === 0) return refuse('NO_APPROVAL_ASKED', `The promotion asks for no approval.`);
  return request.gate === undefined
    ? chosen(facts, asked, request.by, now)
    : named(facts, asked, request, now);
}

function named(facts: Facts, asked: readonly NamedApproval[], { gate, by }: ApprovalRequest, now: Date) {
  const rule = asked.find(({ name }) => name === gate);
  if (!rule) {
    const names = asked.map(({ name }) => name).join(', ');
    return refuse('NOT_AN_APPROVAL', `"${gate}" is no approval of this promotion; it asks for: ${names}.`);
  }
  return judge(facts, [rule], by, now);
}

function chosen(
  facts: Facts,
  asked: readonly NamedApproval[],
  by: Approver,
  now: Date,
): ChosenApproval | Refusal {
  const { state, step } = facts;
  const first = step.waves[0] && waveGate(step.waves[0].name);
  const atStart = asked.filter(({ name }) => !name.startsWith('wave:') || name === first);
  const later = asked.filter((rule) => !atStart.includes(rule));
  const waiting = (state === 'PENDING' ? atStart : later).filter((rule) => !passes(rule, facts, now));
  if (waiting.length === 0) return nothingWaits(facts, asked, by, now);
  const open = waiting.filter((rule) => !counts(rule, facts, by, now) && !approverProblem(rule, facts, by));
  const [one, ...others] = open;
  // A rollout that runs has one next wave; before the start several gates may wait for the same person.
  if (one && others.length > 0 && state === 'PENDING') {
    return refuse(
      'NAME_A_GATE',
      `Several approvals wait: name one of ${open.map(({ name }) => name).join(', ')}.`,
    );
  }
  return judge(facts, one ? [one] : waiting, by, now);
}

function nothingWaits(
  facts: Facts,
  asked: readonly NamedApproval[],
  by: Approver,
  now: Date,
): ChosenApproval | Refusal {
  const given = asked.find((rule) => counts(rule, facts, by, now));
  if (given) return { gate: given.name, already: true };
  return refuse('NOTHING_TO_APPROVE', 'No approval of this promotion waits now.');
}

/** The first of the rules that this person may approve; a refusal that says of each why not. */
function judge(
  facts: Facts,
  rules: readonly NamedApproval[],
  by: Approver,
  now: Date,
): ChosenApproval | Refusal {
  const given = rules.find((rule) => counts(rule, facts, by, now));
  if (given) return { gate: given.name, already: true };
  const problems = rules.map((rule) => ({ name: rule.name, problem: approverProblem(rule, facts, by) }));
  const free = problems.find(({ problem }) => problem === undefined);
  if (free) return { gate: free.name, already: false };
  const reasons = problems.map(({ name, problem }) => `${name}: ${problem}.`);
  return refuse(
    'MAY_NOT_APPROVE',
    `${by.approver} may not approve this promotion. ${reasons.join(' ')}`,
    reasons,
  );
}

function passes(rule: NamedApproval, facts: Facts, now: Date): boolean {
  const asked = { pendingSince: facts.pendingSince, asked: undefined };
  return evaluateApproval(rule, facts, asked, now).verdict === 'PASSED';
}

function counts(rule: NamedApproval, facts: Facts, { approver }: Approver, now: Date): boolean {
  const own = facts.approvals.find((each) => each.gate === rule.name && each.approver === approver);
  return own !== undefined && approvalProblem(rule, facts, own, now) === undefined;
}

/** Whether an approval that was given counts now: what the API shows of it. */
export function isValidApproval(
  facts: Omit<Facts, 'state'>,
  gate: string,
  approver: string,
  now: Date,
): boolean {
  const rule = approvalsOf(facts.step).find(({ name }) => name === gate);
  return (
    rule !== undefined &&
    counts(rule, { ...facts, state: 'PENDING' }, { approver, roles: [], emails: [] }, now)
  );
}
