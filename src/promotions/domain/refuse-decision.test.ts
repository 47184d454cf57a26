import { describe, expect, it } from 'vitest';
import { samplePromotion, sampleStep, sampleWave } from '../../../test/support/sample-promotion.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { refuseForward, refuseRetry, givesWayToHotfix, type ForwardFacts } from './admission.ts';
import { overridableGates, refuseOverride } from './overridable-gates.ts';
import type { PauseKind, Promotion, PromotionState } from './promotion.ts';
import { refuseReason } from './reason.ts';
import { refuseCancel, refusePause, refuseReject, refuseRevert, resumable } from './refuse-decision.ts';

const states: readonly PromotionState[] = [
  ...(['PENDING', 'ROLLING', 'PAUSED', 'VERIFYING', 'SUCCEEDED'] as const),
  ...(['FAILED', 'REJECTED', 'CANCELLED', 'SUPERSEDED', 'EXPIRED'] as const),
];
const allowedIn = (refuses: (promotion: Promotion) => unknown) =>
  states.filter((state) => refuses(samplePromotion({ state })) === undefined);
const paused = (...kinds: PauseKind[]) =>
  samplePromotion({
    state: 'PAUSED',
    pauseReasons: kinds.map((kind) => ({ kind, message: `${kind}.`, by: 'x', since: new Date(0) })),
  });

describe('what people may do to a promotion', () => {
  it('depends on where it stands', () => {
    expect(allowedIn(refusePause)).toEqual(['ROLLING', 'PAUSED', 'VERIFYING']);
    expect(allowedIn(refuseReject)).toEqual(['PENDING']);
    expect(allowedIn(refuseCancel)).toEqual(['PENDING', 'ROLLING', 'PAUSED', 'VERIFYING']);
    expect(allowedIn(refuseRetry)).toEqual(['FAILED', 'REJECTED', 'CANCELLED', 'SUPERSEDED', 'EXPIRED']);
    expect(allowedIn((promotion) => refuseRevert({ ...promotion, previousReleaseId: 3n }))).toEqual([
      'ROLLING',
      'PAUSED',
      'VERIFYING',
    ]);
  });

  it('ends the pauses that are a person\u2019s to end, and no others', () => {
    expect(resumable(paused('PERSON', 'FREEZE', 'INCONCLUSIVE'))).toEqual(['PERSON', 'INCONCLUSIVE']);
    expect(resumable(paused('ROLLBACK_FAILED'))).toMatchObject({ code: 'GOES_ON_BY_ITSELF' });
    expect(resumable(paused('FREEZE', 'OFFLINE'))).toMatchObject({
      code: 'GOES_ON_BY_ITSELF',
      reasons: ['FREEZE.', 'OFFLINE.'],
    });
    expect(states.filter((state) => !isRefusal(resumable(samplePromotion({ state }))))).toEqual([]);
  });

  it('reverts to another release that ran before, and no rollback', () => {
    const running = samplePromotion({ state: 'ROLLING', releaseId: 4n });
    expect(refuseRevert(running)).toMatchObject({ code: 'NOTHING_BEFORE' });
    expect(refuseRevert({ ...running, previousReleaseId: 4n })).toMatchObject({ code: 'NOTHING_BEFORE' });
    expect(refuseRevert({ ...running, previousReleaseId: 3n, intent: 'ROLLBACK' })).toMatchObject({
      code: 'IS_A_ROLLBACK',
    });
  });

  it('does not try a rollback again', () => {
    expect(refuseRetry({ state: 'CANCELLED', intent: 'ROLLBACK' })).toMatchObject({ code: 'USE_ROLLBACK' });
  });

  it('needs reasons that say something and are not endless', () => {
    expect([undefined, '', '  '].map((reason) => refuseReason('A hold', reason)?.code)).toEqual(
      Array(3).fill('REASON_NEEDED'),
    );
    expect(refuseReason('A hold', 'x'.repeat(1_001))?.code).toBe('REASON_TOO_LONG');
    expect(refuseReason('A hold', 'x'.repeat(1_000))).toBeUndefined();
  });
});

describe('an override', () => {
  const rule = { count: 1, roles: null, notRequester: true, notAuthor: false, expiresMs: 1 };
  const check = { name: 'up', kind: 'job' as const, job: {} };
  const step = sampleStep({
    upstream: ['dev'],
    gates: [
      { name: 'approval', kind: 'approval', ...rule },
      { name: 'drift', kind: 'driftFree' },
    ],
    waves: [sampleWave('canary', { count: 1, approval: rule, verification: [check] }), sampleWave('rest')],
    verification: [check],
  });

  it('is possible for gates, consents and verifications', () => {
    expect(overridableGates(step)).toEqual([
      'upstream',
      'freeze',
      'approval',
      'drift',
      'wave:canary',
      'wave:canary:up',
      'verification:up',
    ]);
    expect(overridableGates(sampleStep())).toEqual(['freeze']);
  });

  it.each([
    ['drift', 'OPERATOR', undefined],
    ['upstream', 'OPERATOR', undefined],
    ['approval', 'OPERATOR', 'NEEDS_ADMIN'],
    ['wave:canary', 'OPERATOR', 'NEEDS_ADMIN'],
    ['approval', 'ADMIN', undefined],
    ['hold', 'ADMIN', 'NOT_OVERRIDABLE'],
    ['slot', 'ADMIN', 'NOT_OVERRIDABLE'],
    ['wave:rest', 'ADMIN', 'NOT_OVERRIDABLE'],
  ] as const)('of %s by an %s is refused with %s', (gate, role, code) => {
    expect(refuseOverride({ state: 'PENDING', step }, gate, role)?.code).toBe(code);
  });

  it('of what has ended is refused', () => {
    expect(refuseOverride({ state: 'EXPIRED', step }, 'drift', 'ADMIN')?.code).toBe('ALREADY_ENDED');
  });
});

describe('a promotion that a person asks for', () => {
  const facts: ForwardFacts = {
    application: 'shop',
    environment: 'prod',
    release: 4,
    releaseId: 4n,
    slot: { currentReleaseId: 3n, verifiedReleaseId: 3n },
    currentNumber: 3,
    open: [],
  };
  const waiting = samplePromotion({ releaseId: 4n });
  const code = (change: Partial<ForwardFacts>) => refuseForward({ ...facts, ...change })?.code;

  it('is possible for a newer release, and for the current one that was not verified', () => {
    expect(code({})).toBeUndefined();
    expect(code({ slot: { currentReleaseId: 4n, verifiedReleaseId: 3n }, currentNumber: 4 })).toBeUndefined();
    expect(code({ slot: { currentReleaseId: 4n, verifiedReleaseId: 4n }, currentNumber: 4 })).toBe(
      'ALREADY_CURRENT',
    );
    expect(code({ currentNumber: 5 })).toBe('OLDER_RELEASE');
    expect(code({ open: [waiting] })).toBe('ALREADY_OPEN');
  });

  it('as a hotfix needs a reason, and takes the place of the same release that waits, not of what runs', () => {
    const hotfix = { intent: 'HOTFIX', reason: 'outage', open: [waiting] } as const;
    expect(code({ ...hotfix, reason: undefined })).toBe('REASON_NEEDED');
    expect(code(hotfix)).toBeUndefined();
    expect(givesWayToHotfix({ ...facts, ...hotfix })).toEqual([waiting]);
    expect(code({ ...hotfix, open: [{ ...waiting, state: 'ROLLING' }] })).toBe('ALREADY_OPEN');
    expect(code({ ...hotfix, open: [{ ...waiting, intent: 'HOTFIX' }] })).toBe('ALREADY_OPEN');
    expect(givesWayToHotfix({ ...facts, open: [waiting] })).toEqual([]);
  });

  it('once more is possible for what runs alone', () => {
    expect(code({ intent: 'REDEPLOY' })).toBe('NOT_CURRENT');
    expect(
      code({ intent: 'REDEPLOY', slot: { currentReleaseId: 4n, verifiedReleaseId: 4n }, currentNumber: 4 }),
    ).toBeUndefined();
  });
});
