// Facts of a promotion that nothing stops, for tests of gates: each test changes what it is about.
import type { GateRule } from '../../src/policies/domain/policy-step.ts';
import type { GateFacts, UpstreamFact } from '../../src/promotions/domain/gate-facts.ts';
import type { GateVerdict } from '../../src/promotions/domain/gate-verdict.ts';
import { evaluateGates } from '../../src/promotions/domain/gates.ts';
import { sampleStep } from './sample-promotion.ts';

export const HOUR_MS = 3_600_000;
/** A Wednesday. */
export const now = new Date('2026-06-03T12:00:00Z');
/** Milliseconds before `now`. */
export const ago = (ms: number): Date => new Date(now.getTime() - ms);
/** When the promotion was made. */
export const since = ago(24 * HOUR_MS);

/** Verified two hours ago, and healthy since. */
export const verified = (environment: string, change: Partial<UpstreamFact> = {}): UpstreamFact => ({
  environment,
  exists: true,
  verified: true,
  verifiedAt: ago(2 * HOUR_MS),
  healthySince: ago(2 * HOUR_MS),
  interruptedAt: null,
  revokedAt: null,
  revokedReason: null,
  ...change,
});
export const unverified = (environment: string): UpstreamFact =>
  verified(environment, { verified: false, verifiedAt: null, healthySince: null });

/** Release 4 of shop, verified in dev, may enter staging. */
export const open: GateFacts = {
  application: 'shop',
  environment: 'staging',
  release: 4,
  releaseId: 40n,
  intent: 'FORWARD',
  requestedBy: 'ada',
  reason: null,
  step: sampleStep({ environment: 'staging', upstream: ['dev'] }),
  pendingSince: since,
  readAt: now,
  authors: [],
  approvals: [],
  overrides: [],
  freezes: [],
  recorded: [],
  upstream: [verified('dev')],
  clusters: 3,
  drifted: 0,
  dependencies: [],
  checks: [],
  renderErrors: [],
};

/** The same step with these gates. */
export const withGates = (...gates: GateRule[]): Pick<GateFacts, 'step'> => ({
  step: { ...open.step, gates },
});
export const verdictsOf = (change: Partial<GateFacts>): GateVerdict[] =>
  evaluateGates({ ...open, ...change }, now);
export const verdictOf = (gate: string, change: Partial<GateFacts>): GateVerdict | undefined =>
  verdictsOf(change).find((each) => each.gate === gate);
