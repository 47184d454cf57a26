// The gates that look at the environments before: UPSTREAM, and the soak there.
import type { GateRule } from '../../policies/domain/policy-step.ts';
import type { GateFacts, UpstreamFact } from './gate-facts.ts';
import type { Judged } from './gate-verdict.ts';

/** A release whose verification was taken back waits this long for a new one before its promotions expire. */
export const REVOKED_EXPIRES_MS = 7 * 86_400_000;

type SoakRule = Extract<GateRule, { kind: 'soak' }>;
type Facts = Pick<
  GateFacts,
  'application' | 'environment' | 'release' | 'step' | 'upstream' | 'pendingSince'
>;

/** Passes once the release is VERIFIED, and not REVOKED, in every environment that comes before. */
export function evaluateUpstream(facts: Facts, now: Date): Judged {
  const before = upstreamOf(facts);
  const open = before.filter(({ verified }) => !verified);
  const gate = { gate: 'upstream', kind: 'UPSTREAM' } as const;
  if (open.length === 0) {
    const message = `Release ${facts.release} is verified in ${listOf(before) || 'all that come before'}.`;
    return { ...gate, verdict: 'PASSED', message, since: latest(before, facts.pendingSince) };
  }
  const revoked = open.find(({ revokedAt }) => revokedAt !== null);
  if (revoked?.revokedAt) return evaluateRevoked(facts, revoked, revoked.revokedAt, now);
  const message = `Release ${facts.release} of ${facts.application} must be verified in ${listOf(open)} before it may enter ${facts.environment}.`;
  return { ...gate, verdict: 'WAITING', message, since: facts.pendingSince };
}

function evaluateRevoked(facts: Facts, revoked: UpstreamFact, revokedAt: Date, now: Date): Judged {
  const until = new Date(revokedAt.getTime() + REVOKED_EXPIRES_MS);
  const why = revoked.revokedReason ? `: ${revoked.revokedReason}` : '.';
  const message = `The verification of release ${facts.release} in ${revoked.environment} was taken back${why}`;
  const said = { gate: 'upstream', kind: 'UPSTREAM', message, since: revokedAt } as const;
  return until <= now
    ? { ...said, verdict: 'FAILED', end: 'EXPIRE' }
    : { ...said, verdict: 'WAITING', until };
}

/** Passes once the release has been verified and healthy for the rule's duration where it soaks. */
export function evaluateSoak(rule: SoakRule, facts: Facts, now: Date): Judged {
  const places = soakPlaces(rule, facts).map((place) => soakOf(rule, place, facts, now));
  const open = places.filter(({ verdict }) => verdict !== 'PASSED');
  const gate = { gate: rule.name, kind: 'SOAK' } as const;
  if (open.length === 0) {
    const message = `Release ${facts.release} has soaked long enough.`;
    return {
      ...gate,
      verdict: 'PASSED',
      message,
      since: maxOf(
        places.map(({ until }) => until),
        facts.pendingSince,
      ),
    };
  }
  const ends = open.map(({ until }) => until);
  const said = {
    ...gate,
    verdict: 'WAITING',
    message: open.map(({ message }) => message).join(' '),
  } as const;
  const since = new Date(Math.min(...open.map((place) => place.since.getTime())));
  // While one place has no end in sight, the whole has none.
  return ends.includes(undefined) ? { ...said, since } : { ...said, since, until: maxOf(ends, since) };
}

interface Place {
  readonly verdict: 'PASSED' | 'WAITING';
  readonly message: string;
  readonly since: Date;
  readonly until?: Date;
}

function soakOf(rule: SoakRule, place: UpstreamFact, facts: Facts, now: Date): Place {
  const { environment, healthySince, interruptedAt } = place;
  if (!place.verified || !healthySince) {
    const message = `Release ${facts.release} soaks in ${environment} once it is verified there.`;
    return { verdict: 'WAITING', message, since: facts.pendingSince };
  }
  if (interruptedAt && now.getTime() - interruptedAt.getTime() > rule.graceMs) {
    const message = `Release ${facts.release} has been degraded in ${environment} since ${interruptedAt.toISOString()}; its soak begins anew when it is healthy.`;
    return { verdict: 'WAITING', message, since: interruptedAt };
  }
  const until = new Date(healthySince.getTime() + rule.durationMs);
  if (until <= now) return { verdict: 'PASSED', message: '', since: healthySince, until };
  const message = `Release ${facts.release} soaks in ${environment} until ${until.toISOString()}.`;
  return { verdict: 'WAITING', message, since: healthySince, until };
}

function upstreamOf({ step, upstream }: Pick<GateFacts, 'step' | 'upstream'>): readonly UpstreamFact[] {
  return upstream.filter(({ environment, exists }) => exists && step.upstream.includes(environment));
}

function soakPlaces(rule: SoakRule, facts: Pick<GateFacts, 'step' | 'upstream'>): readonly UpstreamFact[] {
  if (rule.environment === null) return upstreamOf(facts);
  return facts.upstream.filter(({ environment, exists }) => exists && environment === rule.environment);
}

function latest(before: readonly UpstreamFact[], otherwise: Date): Date {
  return maxOf(
    before.map(({ verifiedAt }) => verifiedAt ?? undefined),
    otherwise,
  );
}

function maxOf(dates: readonly (Date | undefined)[], atLeast: Date): Date {
  return new Date(Math.max(atLeast.getTime(), ...dates.map((date) => date?.getTime() ?? 0)));
}

function listOf(places: readonly UpstreamFact[]): string {
  return places.map(({ environment }) => environment).join(' and ');
}
