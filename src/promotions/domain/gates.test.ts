import { describe, expect, it } from 'vitest';
import type { ApprovalRule, GateRule } from '../../policies/domain/policy-step.ts';
import {
  ago,
  HOUR_MS,
  now,
  open,
  since,
  unverified,
  verdictOf,
  verdictsOf,
  withGates,
} from '../../../test/support/sample-gate-facts.ts';
import { sampleWave } from '../../../test/support/sample-promotion.ts';
import type { GateFacts, WaveGateFacts } from './gate-facts.ts';
import { endBy, evaluateGates, evaluateWaveGates, gatesToAsk, unmetGates } from './gates.ts';

const waitsOf = (change: Partial<GateFacts>) => unmetGates(verdictsOf(change));

describe('the gates of a pending promotion', () => {
  it('let it start when upstream is verified, the slot is free and there are clusters', () => {
    expect(waitsOf({})).toEqual([]);
    expect(verdictsOf({}).map(({ gate, verdict }) => `${gate} ${verdict}`)).toEqual([
      'upstream PASSED',
      'freeze PASSED',
    ]);
  });

  it.each([
    ['UPSTREAM', { upstream: [unverified('dev')] }, /verified in dev before it may enter staging/],
    ['SLOT', { holder: { release: 3, since } }, /Release 3 of shop is being rolled out/],
    ['CLUSTERS', { clusters: 0 }, /No accepted cluster matches staging/],
    ['SOURCE', { renderErrors: [{ cluster: 'eu-1', message: 'no label tier' }] }, /eu-1: no label tier/],
    [
      'HOLD',
      { hold: { reason: 'audit', by: 'bob', at: since, until: null, releaseId: null } },
      /held by bob: audit/,
    ],
    [
      'FREEZE',
      { freezes: [{ reason: 'sale', createdBy: 'bob', from: since, until: new Date(now.getTime() + 1) }] },
      /frozen by bob until .*: sale/,
    ],
    [
      'DRIFT',
      { ...withGates({ name: 'driftFree', kind: 'driftFree' }), drifted: 1 },
      /On 1 cluster of staging/,
    ],
    [
      'DEPENDENCY',
      withGates({ name: 'db', kind: 'dependency', application: 'db', environment: null, minRelease: null }),
      /no application db in staging/,
    ],
  ] as const)('name %s when it does not pass', (kind, change, message) => {
    const waits = waitsOf(change);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toMatchObject({ kind, since });
    expect(waits[0]?.message).toMatch(message);
  });

  it('list every one that does not pass, not the first alone', () => {
    const closed = { clusters: 0, holder: { release: 3, since }, upstream: [unverified('dev')] };
    expect(waitsOf(closed).map((wait) => wait.kind)).toEqual(['UPSTREAM', 'SLOT', 'CLUSTERS']);
  });

  it('do not wait for an environment that was deleted', () => {
    expect(waitsOf({ upstream: [{ ...unverified('old'), exists: false }] })).toEqual([]);
  });

  it('are none but the slot, its clusters and the source for a rollback', () => {
    const closed = {
      ...withGates({ name: 'driftFree', kind: 'driftFree' }),
      drifted: 5,
      upstream: [unverified('dev')],
      clusters: 0,
    } as const;
    expect(verdictsOf({ ...closed, intent: 'ROLLBACK' }).map(({ gate }) => gate)).toEqual(['clusters']);
  });

  it('are passed over one by one by a person, and as the step says by a hotfix', () => {
    const closed = {
      upstream: [unverified('dev')],
      overrides: [{ gate: 'upstream', by: 'bob', reason: 'urgent', at: ago(1) }],
    };
    expect(verdictOf('upstream', closed)).toMatchObject({
      verdict: 'OVERRIDDEN',
      overriddenBy: 'bob',
      message: expect.stringContaining('Overridden by bob: urgent') as string,
      since: ago(1),
    });
    expect(waitsOf(closed)).toEqual([]);
    const skipping = {
      upstream: [unverified('dev')],
      step: { ...open.step, hotfixSkips: ['upstream'] },
      reason: 'outage',
    };
    expect(waitsOf({ ...skipping, intent: 'HOTFIX' })).toEqual([]);
    expect(verdictOf('upstream', { ...skipping, intent: 'HOTFIX' })).toMatchObject({
      verdict: 'OVERRIDDEN',
      overriddenBy: 'ada',
    });
    expect(waitsOf(skipping)).toHaveLength(1);
  });

  it('say since when from what was recorded, and from now on where that changed', () => {
    const window = withGates({ name: 'drift', kind: 'driftFree' });
    const recorded = [{ gate: 'drift', verdict: 'WAITING' as const, message: '', since: ago(HOUR_MS) }];
    expect(verdictOf('drift', { ...window, recorded, drifted: 1 })?.since).toEqual(ago(HOUR_MS));
    expect(verdictOf('drift', { ...window, recorded })?.since).toEqual(now);
  });
});

describe('checks and webhooks', () => {
  const check: GateRule = { name: 'up', kind: 'check', check: { name: 'up', kind: 'job', job: {} } };
  const webhook: GateRule = {
    name: 'change',
    kind: 'webhook',
    url: 'https://x.example',
    secretName: 's',
    expiresMs: 1,
  };
  const run = (state: 'RUNNING' | 'PASSED' | 'FAILED' | 'INCONCLUSIVE', change: object = {}) => [
    {
      gate: 'up',
      state,
      message: 'saw 500',
      since: ago(5),
      deadlineAt: new Date(now.getTime() + 5),
      expired: false,
      ...change,
    },
  ];

  it.each([
    ['RUNNING', 'WAITING', undefined],
    ['PASSED', 'PASSED', undefined],
    ['FAILED', 'FAILED', 'FAIL'],
    ['INCONCLUSIVE', 'INCONCLUSIVE', undefined],
  ] as const)('that are %s are %s', (state, verdict, end) => {
    const verdicts = verdictsOf({ ...withGates(check), checks: run(state) });
    expect(verdicts.find(({ gate }) => gate === 'up')).toMatchObject({ verdict, since: ago(5) });
    expect(endBy(verdicts)?.end).toBe(end);
  });

  it('do not end what a person passed over', () => {
    const overrides = [{ gate: 'up', by: 'bob', reason: 'known', at: now }];
    const verdicts = verdictsOf({ ...withGates(check), checks: run('FAILED'), overrides });
    expect([endBy(verdicts), unmetGates(verdicts)]).toEqual([undefined, []]);
  });

  it('that nobody answered in time expire: a webhook, not a check', () => {
    const expired = run('INCONCLUSIVE', { gate: 'change', expired: true });
    expect(endBy(verdictsOf({ ...withGates(webhook), checks: expired }))).toMatchObject({ end: 'EXPIRE' });
    expect(
      endBy(verdictsOf({ ...withGates(check), checks: run('INCONCLUSIVE', { expired: true }) })),
    ).toBeUndefined();
  });

  it('are asked when their answer is needed: a webhook after upstream, a check once all else has passed', () => {
    const asks = (change: Partial<GateFacts>) => {
      const facts = { ...open, ...withGates(check, webhook), ...change };
      return gatesToAsk(facts, evaluateGates(facts, now)).map(({ name }) => name);
    };
    const answered = run('PASSED', { gate: 'change' });
    expect(asks({ upstream: [unverified('dev')] })).toEqual([]);
    expect(asks({ clusters: 0 })).toEqual(['change']);
    expect(asks({})).toEqual(['change']);
    expect(asks({ checks: answered })).toEqual(['up']);
    expect(asks({ checks: [...answered, ...run('RUNNING')] })).toEqual([]);
    expect(asks({ checks: answered, overrides: [{ gate: 'up', by: 'bob', reason: '', at: now }] })).toEqual(
      [],
    );
  });
});

describe('the gates of a later wave', () => {
  const friday = { days: ['FRI' as const], from: null, to: null, dates: null };
  const window: GateRule = { name: 'office', kind: 'window', timeZone: 'UTC', allow: [friday], exclude: [] };
  const approval: ApprovalRule = {
    count: 1,
    roles: null,
    notRequester: true,
    notAuthor: false,
    expiresMs: HOUR_MS,
  };
  const waves = [sampleWave('first', { count: 1 }), sampleWave('rest', { approval })];
  const frozen = {
    freezes: [{ reason: 'sale', createdBy: 'bob', from: since, until: new Date(now.getTime() + 9) }],
  };
  const wave = (change: Partial<WaveGateFacts>) => {
    const facts: WaveGateFacts = {
      ...open,
      wave: 'rest',
      waveState: 'PENDING',
      waveSince: ago(HOUR_MS),
      ...change,
    };
    return unmetGates(evaluateWaveGates(facts, now)).map(({ kind }) => kind);
  };
  const step = (change: Partial<GateFacts['step']>) => ({ step: { ...open.step, ...change } });

  it('are the windows of the step, its own approval, freezes and the hold', () => {
    const hold = { reason: 'audit', by: 'bob', at: since, until: null, releaseId: null };
    expect(wave({ ...step({ gates: [window], waves }), ...frozen, hold })).toEqual([
      'WINDOW',
      'APPROVAL',
      'HOLD',
      'FREEZE',
    ]);
    expect(wave({ ...step({ gates: [window], waves }), ...frozen, hold, intent: 'ROLLBACK' })).toEqual([]);
    expect(wave({})).toEqual([]);
  });

  it('once it goes on are the freezes alone, where the step halts for them', () => {
    const going = { ...frozen, waveState: 'IN_PROGRESS' as const };
    const gates = [window];
    expect(wave({ ...going, ...step({ gates, waves, onFreeze: 'FINISH_WAVE' }) })).toEqual([]);
    expect(wave({ ...going, ...step({ gates, waves, onFreeze: 'HALT' }) })).toEqual(['FREEZE']);
    expect(wave({ ...frozen, ...step({ onFreeze: 'FINISH_WAVE' }) })).toEqual(['FREEZE']);
    expect(wave({ ...frozen, ...step({ onFreeze: 'FINISH_ALL' }) })).toEqual([]);
  });

  it('wait for consent without expiring: the rollout is under way', () => {
    const facts: WaveGateFacts = {
      ...open,
      ...step({ waves }),
      wave: 'rest',
      waveState: 'PENDING',
      waveSince: ago(99 * HOUR_MS),
    };
    expect(endBy(evaluateWaveGates(facts, now))).toBeUndefined();
  });
});
