import { describe, expect, it } from 'vitest';
import type { GateRule } from '../../policies/domain/policy-step.ts';
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
import type { UpstreamFact } from './gate-facts.ts';
import { endBy, mayOvertake } from './gates.ts';

describe('upstream', () => {
  it('that was revoked says why, and ends the promotion a week later', () => {
    const revoked = (at: Date) => [
      verified('dev', { verified: false, revokedAt: at, revokedReason: 'pods crash' }),
    ];
    expect(verdictOf('upstream', { upstream: revoked(ago(HOUR_MS)) })).toMatchObject({
      verdict: 'WAITING',
      since: ago(HOUR_MS),
      until: new Date(now.getTime() + 167 * HOUR_MS),
      message: 'The verification of release 4 in dev was taken back: pods crash',
    });
    expect(endBy(verdictsOf({ upstream: revoked(ago(168 * HOUR_MS)) }))).toMatchObject({
      gate: 'upstream',
      end: 'EXPIRE',
    });
  });
});

describe('a soak', () => {
  const soak: GateRule = {
    name: 'soak',
    kind: 'soak',
    environment: null,
    durationMs: 3 * HOUR_MS,
    graceMs: 60_000,
  };
  const soaking = (change: Partial<UpstreamFact> = {}) =>
    verdictOf('soak', { ...withGates(soak), upstream: [verified('dev', change)] });

  it('lasts from the verification for its duration, and says until when', () => {
    expect(soaking()).toMatchObject({
      verdict: 'WAITING',
      since: ago(2 * HOUR_MS),
      until: new Date(now.getTime() + HOUR_MS),
    });
    expect(soaking({ healthySince: ago(3 * HOUR_MS) })).toMatchObject({ verdict: 'PASSED' });
    expect(soaking({ healthySince: ago(3 * HOUR_MS - 1) })).toMatchObject({ verdict: 'WAITING' });
  });

  it('has no end in sight before the verification, nor while the release is degraded beyond the grace', () => {
    expect(verdictOf('soak', { ...withGates(soak), upstream: [unverified('dev')] })).not.toHaveProperty(
      'until',
    );
    expect(soaking({ interruptedAt: ago(60_000) })).toHaveProperty('until');
    expect(soaking({ interruptedAt: ago(60_001), healthySince: ago(9 * HOUR_MS) })).toMatchObject({
      verdict: 'WAITING',
      since: ago(60_001),
    });
    expect(soaking({ interruptedAt: ago(60_001) })).not.toHaveProperty('until');
  });

  it('in several environments ends with the last of them', () => {
    const upstream = [verified('dev'), verified('eu', { healthySince: ago(HOUR_MS) })];
    const step = { ...open.step, upstream: ['dev', 'eu'], gates: [soak] };
    expect(verdictOf('soak', { step, upstream })?.until).toEqual(new Date(now.getTime() + 2 * HOUR_MS));
  });

  it('of its own environment looks there alone', () => {
    const elsewhere = withGates({ ...soak, environment: 'canary' });
    const upstream = [verified('dev'), verified('canary', { healthySince: ago(5 * HOUR_MS) })];
    expect(verdictOf('soak', { ...elsewhere, upstream })).toMatchObject({ verdict: 'PASSED' });
  });

  it('decides, with upstream, whether a promotion may take the place of older ones', () => {
    const upstream = [verified('dev')];
    expect(mayOvertake(verdictsOf({ ...withGates(soak), upstream }))).toBe(false);
    expect(mayOvertake(verdictsOf({ upstream, clusters: 0, drifted: 1 }))).toBe(true);
  });
});
