import { describe, expect, it } from 'vitest';
import type { GateRule } from '../../policies/domain/policy-step.ts';
import {
  ago,
  now,
  since,
  verdictOf,
  verdictsOf,
  withGates,
} from '../../../test/support/sample-gate-facts.ts';
import type { GateFacts } from './gate-facts.ts';
import { nearestUntil, unmetGates } from './gates.ts';

const waitsOf = (change: Partial<GateFacts>) => unmetGates(verdictsOf(change));

describe('a window', () => {
  it('says when it opens next', () => {
    const friday = { days: ['FRI' as const], from: '10:00', to: null, dates: null };
    const gate: GateRule = {
      name: 'office',
      kind: 'window',
      timeZone: 'Europe/Berlin',
      allow: [friday],
      exclude: [],
    };
    expect(verdictOf('office', withGates(gate))).toMatchObject({
      verdict: 'WAITING',
      until: new Date('2026-06-05T08:00:00Z'),
    });
    const always: GateRule = { ...gate, allow: null };
    expect(verdictOf('office', withGates(always))).toMatchObject({ verdict: 'PASSED' });
  });
});

describe('a freeze', () => {
  const freeze = (from: number, until: number, reason = 'sale') => ({
    reason,
    createdBy: 'bob',
    from: new Date(now.getTime() + from),
    until: new Date(now.getTime() + until),
  });

  it('that ends last is the one to wait for; one that lies ahead lets through until it begins', () => {
    expect(
      verdictOf('freeze', { freezes: [freeze(-5, 10), freeze(-9, 90, 'audit'), freeze(-9, 0)] }),
    ).toMatchObject({
      verdict: 'WAITING',
      since: ago(9),
      until: new Date(now.getTime() + 90),
      message: expect.stringContaining('audit') as string,
    });
    expect(verdictOf('freeze', { freezes: [freeze(50, 60), freeze(7, 9)] })).toMatchObject({
      verdict: 'PASSED',
      until: new Date(now.getTime() + 7),
    });
    const endless = { ...freeze(-5, 0, 'war'), until: null };
    expect(verdictOf('freeze', { freezes: [endless, freeze(-5, 10)] })?.message).toMatch(
      /until somebody ends it: war/,
    );
    expect(verdictOf('freeze', { freezes: [endless] })).not.toHaveProperty('until');
    expect(nearestUntil(verdictsOf({ freezes: [freeze(7, 9)] }), now)).toEqual(new Date(now.getTime() + 7));
  });
});

describe('a hold', () => {
  const hold = { reason: 'broke', by: 'fairlead', at: since, until: null, releaseId: null };

  it('stops all but rollbacks and hotfixes, until it ends', () => {
    expect(waitsOf({ hold })).toMatchObject([{ kind: 'HOLD' }]);
    expect(waitsOf({ hold, intent: 'REDEPLOY' })).toMatchObject([{ kind: 'HOLD' }]);
    expect(waitsOf({ hold, intent: 'HOTFIX' })).toEqual([]);
    expect(waitsOf({ hold, intent: 'ROLLBACK' })).toEqual([]);
    expect(waitsOf({ hold: { ...hold, until: now } })).toEqual([]);
  });

  it('of one release holds that one and older ones back, and lets newer ones pass', () => {
    expect(waitsOf({ hold: { ...hold, releaseId: 40n } })).toMatchObject([{ kind: 'HOLD' }]);
    expect(waitsOf({ hold: { ...hold, releaseId: 41n } })).toMatchObject([{ kind: 'HOLD' }]);
    expect(waitsOf({ hold: { ...hold, releaseId: 39n } })).toEqual([]);
  });
});

describe('a dependency', () => {
  const gate = (minRelease: number | null): GateRule => ({
    name: 'db',
    kind: 'dependency',
    application: 'db',
    environment: 'prod',
    minRelease,
  });
  const on = (verifiedRelease: number | null) => ({
    dependencies: [{ application: 'db', environment: 'prod', exists: true, verifiedRelease }],
  });

  it.each([
    [null, null, 'WAITING'],
    [null, 1, 'PASSED'],
    [5, 4, 'WAITING'],
    [5, 5, 'PASSED'],
    [5, 6, 'PASSED'],
  ])('on release %s with %s verified is %s', (minRelease, release, verdict) => {
    expect(verdictOf('db', { ...withGates(gate(minRelease)), ...on(release) })).toMatchObject({ verdict });
  });
});
