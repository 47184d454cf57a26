// Consent: which approvals count now, and whether they are enough. A person counts once, whatever tokens they have.
import type { Role } from '../../access/domain/caller.ts';
import type { ApprovalRule } from '../../policies/domain/policy-step.ts';
import type { ApprovalFact, CommonFacts } from './gate-facts.ts';
import type { Judged } from './gate-verdict.ts';

/** Who may approve where a rule does not say. */
const approvers: readonly Role[] = ['OPERATOR', 'ADMIN'];

/** Who approves or wants to, compared with what a rule asks. */
export type Approver = Pick<ApprovalFact, 'approver' | 'roles' | 'emails'>;

type Facts = Pick<CommonFacts, 'requestedBy' | 'authors' | 'approvals'>;

/** Why this person's approval does not count for the rule; `undefined`: it does. */
export function approverProblem(
  rule: ApprovalRule,
  { requestedBy, authors }: Pick<CommonFacts, 'requestedBy' | 'authors'>,
  { approver, roles, emails }: Approver,
): string | undefined {
  const wanted = rule.roles ?? approvers;
  if (!roles.some((role) => wanted.includes(role)))
    return `${approver} has not the role ${wanted.join(' or ')}`;
  if (rule.notRequester && approver === requestedBy) return `${approver} requested the promotion`;
  const wrote = emails.some((email) => authors.includes(email.toLowerCase()));
  return rule.notAuthor && wrote ? `${approver} wrote one of its commits` : undefined;
}

/** Why an approval that was given does not count any more; `undefined`: it does. */
export function approvalProblem(
  rule: ApprovalRule,
  facts: Facts,
  approval: ApprovalFact,
  now: Date,
): string | undefined {
  const expired = endOf(rule, approval) <= now.getTime();
  if (expired) return `the approval of ${approval.approver} has expired`;
  return approverProblem(rule, facts, approval);
}

/** When people are asked: the gate waits for `expiresMs` from `asked`; `undefined`: not before others have passed. */
export interface Asked {
  readonly pendingSince: Date;
  readonly asked: Date | undefined;
}

/**
 * Passes with enough approvals that count now. An approval counts for the rule's `expires` after it was given; a gate
 * that waits for that long after it was asked, or after approvals lapsed, ends the promotion: FAILED with `EXPIRE`.
 */
export function evaluateApproval(
  rule: ApprovalRule & { readonly name: string },
  facts: Facts,
  { pendingSince, asked }: Asked,
  now: Date,
): Judged {
  const given = facts.approvals.filter(({ gate }) => gate === rule.name).toSorted((a, b) => +a.at - +b.at);
  const counting = given.filter((approval) => approvalProblem(rule, facts, approval, now) === undefined);
  const gate = { gate: rule.name, kind: 'APPROVAL' } as const;
  if (counting.length >= rule.count) return { ...gate, ...approved(rule, counting) };
  const message = `${counting.length} of ${rule.count} approvals${namesOf(counting)}; ${askedOf(rule)}.`;
  if (!asked) return { ...gate, verdict: 'WAITING', message, since: pendingSince };
  const since = new Date(Math.max(asked.getTime(), ...lapses(rule, given, now)));
  const until = new Date(since.getTime() + rule.expiresMs);
  if (until > now) return { ...gate, verdict: 'WAITING', message, since, until };
  return {
    ...gate,
    verdict: 'FAILED',
    message: `Not approved in time: ${message}`,
    since: until,
    end: 'EXPIRE',
  };
}

function approved(
  rule: ApprovalRule,
  counting: readonly ApprovalFact[],
): Pick<Judged, 'verdict' | 'message' | 'since' | 'until'> {
  // It lapses when the oldest of the newest `count` approvals does.
  const deciding = counting.at(-rule.count);
  const since = counting[rule.count - 1]?.at;
  const said = { verdict: 'PASSED', message: `Approved${namesOf(counting)}.` } as const;
  return deciding && since ? { ...said, since, until: new Date(endOf(rule, deciding)) } : said;
}

function lapses(rule: ApprovalRule, given: readonly ApprovalFact[], now: Date): number[] {
  return given.map((approval) => endOf(rule, approval)).filter((at) => at <= now.getTime());
}

function endOf({ expiresMs }: ApprovalRule, { at }: ApprovalFact): number {
  return at.getTime() + expiresMs;
}

function namesOf(approvals: readonly ApprovalFact[]): string {
  return approvals.length === 0 ? '' : ` by ${approvals.map(({ approver }) => approver).join(', ')}`;
}

function askedOf({ roles, notRequester, notAuthor }: ApprovalRule): string {
  const who = (roles ?? approvers).join(' or ');
  const not = [notRequester ? 'the requester' : '', notAuthor ? 'an author of its commits' : ''].filter(
    Boolean,
  );
  return `asked of ${who}${not.length === 0 ? '' : `, but not of ${not.join(' or ')}`}`;
}
