import { describe, expect, it } from 'vitest';
import type { ApprovalRule, GateRule } from '../../policies/domain/policy-step.ts';
import {
  ago,
  HOUR_MS,
  now,
  open,
  unverified,
  verdictOf,
  verdictsOf,
  verified,
  withGates,
} from '../../../test/support/sample-gate-facts.ts';
import { sampleWave } from '../../../test/support/sample-promotion.ts';
import type { ApprovalFact, GateFacts } from './gate-facts.ts';
import { isFullyApproved, unmetGates } from './gates.ts';

const waitsOf = (change: Partial<GateFacts>) => unmetGates(verdictsOf(change));

describe('an approval gate', () => {
  const rule: ApprovalRule = {
    count: 2,
    roles: null,
    notRequester: true,
    notAuthor: true,
    expiresMs: 10 * HOUR_MS,
  };
  const gate = (change: Partial<ApprovalRule> = {}): GateRule => ({
    name: 'approval',
    kind: 'approval',
    ...rule,
    ...change,
  });
  const by = (approver: string, change: Partial<ApprovalFact> = {}): ApprovalFact => ({
    gate: 'approval',
    approver,
    at: ago(HOUR_MS),
    comment: null,
    roles: ['OPERATOR'],
    emails: [],
    ...change,
  });
  const asked = (
    approvals: readonly ApprovalFact[],
    change: Partial<ApprovalRule> = {},
    more: Partial<GateFacts> = {},
  ) => verdictOf('approval', { ...withGates(gate(change)), approvals, ...more });

  it('passes with enough approvals, until they lapse', () => {
    const approvals = [by('bob', { at: ago(3 * HOUR_MS) }), by('cleo')];
    expect(asked(approvals)).toMatchObject({
      verdict: 'PASSED',
      message: 'Approved by bob, cleo.',
      since: ago(HOUR_MS),
      until: new Date(now.getTime() + 7 * HOUR_MS),
    });
    expect(asked([by('bob')])).toMatchObject({
      verdict: 'WAITING',
      message:
        '1 of 2 approvals by bob; asked of OPERATOR or ADMIN, but not of the requester or an author of its commits.',
    });
  });

  it.each([
    ['the requester', by('ada')],
    ['an author', by('eve', { emails: ['Eve@Example.com'] })],
    ['who has the role no more', by('fred', { roles: ['VIEWER'] })],
    ['who has no token any more', by('fred', { roles: [] })],
    ['whose approval has expired', by('gus', { at: ago(10 * HOUR_MS) })],
    ['of another gate', by('hal', { gate: 'other' })],
  ])('does not count %s', (_, approval) => {
    expect(asked([approval], { count: 1 }, { authors: ['eve@example.com'] })).toMatchObject({
      verdict: 'WAITING',
    });
  });

  it('counts the requester and an author where the rule lets them', () => {
    const lenient = { notRequester: false, notAuthor: false };
    expect(
      asked([by('ada', { emails: ['ada@example.com'] }), by('eve')], lenient, {
        authors: ['ada@example.com'],
      }),
    ).toMatchObject({ verdict: 'PASSED' });
  });

  it('asks for the roles that it names, exactly', () => {
    expect(asked([by('bob')], { count: 1, roles: ['ADMIN'] })).toMatchObject({ verdict: 'WAITING' });
    expect(
      asked([by('bob', { roles: ['OPERATOR', 'ADMIN'] })], { count: 1, roles: ['ADMIN'] }),
    ).toMatchObject({ verdict: 'PASSED' });
  });

  it('runs out only once the release has come here, and begins anew when approvals lapse', () => {
    expect(asked([])).toMatchObject({
      since: ago(2 * HOUR_MS),
      until: new Date(now.getTime() + 8 * HOUR_MS),
    });
    expect(asked([], {}, { upstream: [unverified('dev')], pendingSince: ago(900 * HOUR_MS) })).toMatchObject({
      verdict: 'WAITING',
    });
    const late = {
      upstream: [verified('dev', { verifiedAt: ago(10 * HOUR_MS) })],
      pendingSince: ago(30 * HOUR_MS),
    };
    expect(asked([], {}, late)).toMatchObject({ verdict: 'FAILED', end: 'EXPIRE' });
    expect(asked([by('bob', { at: ago(11 * HOUR_MS) })], {}, late)).toMatchObject({
      verdict: 'WAITING',
      since: ago(HOUR_MS),
    });
  });

  it('of the first wave stands before the start', () => {
    const waves = [sampleWave('canary', { count: 1, approval: { ...rule, count: 1 } }), sampleWave('rest')];
    const step = { ...open.step, waves };
    expect(waitsOf({ step })).toMatchObject([{ kind: 'APPROVAL' }]);
    expect(waitsOf({ step, approvals: [by('bob', { gate: 'wave:canary' })] })).toEqual([]);
  });

  it('makes a promotion fully approved, which having none does not', () => {
    expect(isFullyApproved(verdictsOf({}))).toBe(false);
    expect(isFullyApproved(verdictsOf({ ...withGates(gate({ count: 1 })), approvals: [by('bob')] }))).toBe(
      true,
    );
  });
});
