import { describe, expect, it } from 'vitest';
import { sampleWave } from '../../../test/support/sample-promotion.ts';
import { ago, HOUR_MS, now, open } from '../../../test/support/sample-gate-facts.ts';
import type { ApprovalRule, GateRule } from '../../policies/domain/policy-step.ts';
import { approvalsOf, chooseApproval, isValidApproval } from './choose-approval.ts';
import type { ApprovalFact } from './gate-facts.ts';
import type { PromotionState } from './promotion.ts';

const rule: ApprovalRule = {
  count: 1,
  roles: null,
  notRequester: true,
  notAuthor: false,
  expiresMs: HOUR_MS,
};
const gate = (name: string, change: Partial<ApprovalRule> = {}): GateRule => ({
  name,
  kind: 'approval',
  ...rule,
  ...change,
});
const waves = [
  sampleWave('first', { count: 1, approval: rule }),
  sampleWave('second', { count: 1, approval: rule }),
  sampleWave('third', { approval: { ...rule, roles: ['ADMIN'] } }),
];
const given = (name: string, approver = 'bob', at = ago(1)): ApprovalFact => ({
  gate: name,
  approver,
  at,
  comment: null,
  roles: ['OPERATOR'],
  emails: [],
});
const bob = { approver: 'bob', roles: ['OPERATOR' as const], emails: [] };

const choose = ({
  gates = [],
  withWaves = false,
  approvals = [],
  state = 'PENDING',
  intent = 'FORWARD',
  by = bob,
  name,
}: {
  readonly gates?: readonly GateRule[];
  readonly withWaves?: boolean;
  readonly approvals?: readonly ApprovalFact[];
  readonly state?: PromotionState;
  readonly intent?: 'FORWARD' | 'ROLLBACK';
  readonly by?: typeof bob;
  readonly name?: string;
}) => {
  const step = { ...open.step, gates, waves: withWaves ? waves : [] };
  return chooseApproval({ ...open, step, approvals, intent, state }, { gate: name, by }, now);
};

describe('an approval without the name of its gate', () => {
  it('is for the one that waits', () => {
    expect(choose({ gates: [gate('qa')] })).toEqual({ gate: 'qa', already: false });
    expect(choose({ gates: [gate('qa'), gate('ops')], approvals: [given('qa', 'cleo')] })).toEqual({
      gate: 'ops',
      already: false,
    });
    expect(choose({ gates: [gate('qa'), gate('ops', { roles: ['ADMIN'] })] })).toEqual({
      gate: 'qa',
      already: false,
    });
  });

  it('is for the first wave before the start, and for the next one afterwards', () => {
    expect(choose({ withWaves: true })).toEqual({ gate: 'wave:first', already: false });
    const first = [given('wave:first', 'cleo')];
    expect(choose({ withWaves: true, approvals: first, state: 'ROLLING' })).toEqual({
      gate: 'wave:second',
      already: false,
    });
    expect(choose({ withWaves: true, approvals: first })).toMatchObject({ code: 'NOTHING_TO_APPROVE' });
    const both = [...first, given('wave:second', 'cleo')];
    expect(choose({ withWaves: true, approvals: both, state: 'ROLLING' })).toMatchObject({
      code: 'MAY_NOT_APPROVE',
    });
  });

  it('must be named where several wait for the same person', () => {
    expect(choose({ gates: [gate('qa'), gate('ops')] })).toMatchObject({ code: 'NAME_A_GATE' });
  });

  it('given twice is the same one', () => {
    const twice = { gates: [gate('qa', { count: 2 })], approvals: [given('qa')] };
    expect(choose(twice)).toEqual({ gate: 'qa', already: true });
    expect(choose({ gates: [gate('qa')], approvals: [given('qa')] })).toEqual({ gate: 'qa', already: true });
    const expired = [given('qa', 'bob', ago(HOUR_MS))];
    expect(choose({ ...twice, approvals: expired })).toEqual({ gate: 'qa', already: false });
  });
});

describe('an approval', () => {
  it('may be given in advance for a wave that is named', () => {
    expect(choose({ withWaves: true, name: 'wave:second' })).toEqual({ gate: 'wave:second', already: false });
  });

  it('is refused with what is missing', () => {
    const ada = { ...bob, approver: 'ada' };
    expect(choose({ gates: [gate('qa'), gate('ops', { roles: ['ADMIN'] })], by: ada })).toMatchObject({
      code: 'MAY_NOT_APPROVE',
      reasons: ['qa: ada requested the promotion.', 'ops: ada has not the role ADMIN.'],
    });
    expect(choose({ gates: [gate('qa')], name: 'qb' })).toMatchObject({ code: 'NOT_AN_APPROVAL' });
    expect(choose({})).toMatchObject({ code: 'NO_APPROVAL_ASKED' });
    expect(choose({ gates: [gate('qa')], intent: 'ROLLBACK' })).toMatchObject({ code: 'NO_APPROVAL_ASKED' });
    expect(choose({ gates: [gate('qa')], state: 'FAILED' })).toMatchObject({ code: 'ALREADY_ENDED' });
  });

  it('is valid as long as it counts', () => {
    const step = { ...open.step, gates: [gate('qa')] };
    const valid = (approvals: readonly ApprovalFact[]) =>
      isValidApproval({ ...open, step, approvals }, 'qa', 'bob', now);
    expect(valid([given('qa')])).toBe(true);
    expect(valid([given('qa', 'bob', ago(HOUR_MS))])).toBe(false);
    expect(valid([{ ...given('qa'), roles: [] }])).toBe(false);
    expect(valid([given('ops')])).toBe(false);
  });

  it('is asked for by gates first, then by waves', () => {
    const step = { ...open.step, gates: [gate('qa'), { name: 'drift', kind: 'driftFree' as const }], waves };
    expect(approvalsOf(step).map(({ name }) => name)).toEqual([
      'qa',
      'wave:first',
      'wave:second',
      'wave:third',
    ]);
  });
});
