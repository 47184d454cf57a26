import { describe, expect, it } from 'vitest';
import { sampleWave } from '../../../test/support/sample-promotion.ts';
import { ago, now, open, since } from '../../../test/support/sample-gate-facts.ts';
import type { GateFacts } from './gate-facts.ts';
import { listApprovals, listGates } from './list-gates.ts';
import type { PromotionState } from './promotion.ts';

const rule = { count: 1, roles: null, notRequester: true, notAuthor: false, expiresMs: 86_400_000 };
const step = {
  ...open.step,
  gates: [{ name: 'drift', kind: 'driftFree' as const }],
  waves: [sampleWave('first', { count: 1, approval: rule }), sampleWave('rest', { approval: rule })],
};
const listed = (state: PromotionState, change: Partial<GateFacts> = {}) =>
  listGates({ ...open, step, ...change }, state, now).map(({ gate, verdict }) => `${gate} ${verdict}`);
const said = (gate: string, verdict: 'PASSED' | 'WAITING' | 'OVERRIDDEN') => ({
  gate,
  verdict,
  message: '',
  since,
});

describe('the gates of a promotion, as people see them', () => {
  it('are those of the start while it waits, and the consents of later waves', () => {
    expect(listed('PENDING')).toEqual([
      'upstream PASSED',
      'drift PASSED',
      'wave:first WAITING',
      'freeze PASSED',
      'wave:rest WAITING',
    ]);
  });

  it('are what let it start once it runs, and what its waves wait for now', () => {
    const recorded = [
      said('wave:first', 'PASSED'),
      said('freeze', 'PASSED'),
      said('drift', 'PASSED'),
      said('wave:rest', 'WAITING'),
      said('upstream', 'PASSED'),
    ];
    const approvals = [
      {
        gate: 'wave:rest',
        approver: 'bob',
        at: ago(1),
        comment: null,
        roles: ['ADMIN' as const],
        emails: [],
      },
    ];
    expect(listed('ROLLING', { recorded, approvals })).toEqual([
      'upstream PASSED',
      'drift PASSED',
      'wave:first PASSED',
      'freeze PASSED',
      'wave:rest PASSED',
    ]);
    expect(listed('CANCELLED', { recorded, approvals })).toContain('wave:rest WAITING');
  });

  it('say who passed over them, also when it is over', () => {
    const recorded = [said('drift', 'OVERRIDDEN'), said('upstream', 'OVERRIDDEN')];
    const overrides = [{ gate: 'drift', by: 'bob', reason: 'known', at: ago(1) }];
    const gates = listGates({ ...open, step, recorded, overrides, intent: 'HOTFIX' }, 'SUCCEEDED', now);
    expect(gates.map(({ gate, overriddenBy }) => [gate, overriddenBy])).toEqual([
      ['upstream', 'ada'],
      ['drift', 'bob'],
    ]);
    const rest = { overrides: [{ gate: 'wave:rest', by: 'cleo', reason: 'x', at: ago(1) }] };
    expect(listGates({ ...open, step, ...rest }, 'ROLLING', now)).toMatchObject([
      { gate: 'wave:rest', verdict: 'OVERRIDDEN', overriddenBy: 'cleo' },
    ]);
  });

  it('have approvals that count, or do not any more', () => {
    const by = { gate: 'wave:first', comment: null, roles: ['OPERATOR' as const], emails: [] };
    const approvals = [
      { ...by, approver: 'bob', at: ago(1) },
      { ...by, approver: 'gus', at: ago(86_400_000) },
    ];
    expect(
      listApprovals({ ...open, step, approvals }, now).map(({ approver, valid }) => [approver, valid]),
    ).toEqual([
      ['bob', true],
      ['gus', false],
    ]);
  });
});
