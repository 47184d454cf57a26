// The gates that look at what is around a promotion: windows, freezes, holds, the slot, its clusters, other applications.
import type { GateRule } from '../../policies/domain/policy-step.ts';
import { isOpen, nextOpening } from '../../policies/domain/windows.ts';
import type { CommonFacts, GateFacts } from './gate-facts.ts';
import type { Judged } from './gate-verdict.ts';

/** Passes while the window is open. */
export function evaluateWindow(rule: Extract<GateRule, { kind: 'window' }>, now: Date): Judged {
  const gate = { gate: rule.name, kind: 'WINDOW' } as const;
  if (isOpen(rule, now)) return { ...gate, verdict: 'PASSED', message: `The window ${rule.name} is open.` };
  const until = nextOpening(rule, now);
  if (!until)
    return { ...gate, verdict: 'WAITING', message: `The window ${rule.name} does not open any more.` };
  const message = `The window ${rule.name} opens at ${until.toISOString()} (times of ${rule.timeZone}).`;
  return { ...gate, verdict: 'WAITING', message, until };
}

/** Passes while no freeze is on; the one that ends last is named. */
export function evaluateFreeze(
  { freezes, environment }: Pick<CommonFacts, 'freezes' | 'environment'>,
  now: Date,
): Judged {
  const gate = { gate: 'freeze', kind: 'FREEZE' } as const;
  const current = freezes.filter(({ from, until }) => from <= now && endOf(until) > now.getTime());
  const [last] = current.toSorted((a, b) => (endOf(b.until) > endOf(a.until) ? 1 : -1));
  if (last) {
    const end = last.until ? `until ${last.until.toISOString()}` : 'until somebody ends it';
    const message = `${environment} is frozen by ${last.createdBy} ${end}: ${last.reason}`;
    const since = new Date(Math.min(...current.map(({ from }) => from.getTime())));
    const said = { ...gate, verdict: 'WAITING', message, since } as const;
    return last.until ? { ...said, until: last.until } : said;
  }
  const passed = { ...gate, verdict: 'PASSED', message: 'No freeze is on.' } as const;
  const next = Math.min(...freezes.filter(({ from }) => from > now).map(({ from }) => from.getTime()));
  return Number.isFinite(next) ? { ...passed, until: new Date(next) } : passed;
}

function endOf(until: Date | null): number {
  return until?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** A hold that concerns the promotion; rollbacks and hotfixes pass every hold. */
export function evaluateHold(
  {
    hold,
    intent,
    releaseId,
    environment,
  }: Pick<CommonFacts, 'hold' | 'intent' | 'releaseId' | 'environment'>,
  now: Date,
): Judged | undefined {
  if (!hold || intent === 'ROLLBACK' || intent === 'HOTFIX') return undefined;
  if (hold.until && hold.until <= now) return undefined;
  if (hold.releaseId !== null && releaseId > hold.releaseId) return undefined;
  const message = `${environment} is held by ${hold.by}: ${hold.reason}`;
  const said = { gate: 'hold', kind: 'HOLD', verdict: 'WAITING', message, since: hold.at } as const;
  return hold.until ? { ...said, until: hold.until } : said;
}

/** Passes once the other application's release that was verified there last is new enough. */
export function evaluateDependency(
  rule: Extract<GateRule, { kind: 'dependency' }>,
  { dependencies, environment }: Pick<GateFacts, 'dependencies' | 'environment'>,
): Judged {
  const where = rule.environment ?? environment;
  const fact = dependencies.find(
    (each) => each.application === rule.application && each.environment === where,
  );
  const gate = { gate: rule.name, kind: 'DEPENDENCY' } as const;
  if (!fact?.exists) {
    return {
      ...gate,
      verdict: 'WAITING',
      message: `There is no application ${rule.application} in ${where} to depend on.`,
    };
  }
  const { verifiedRelease } = fact;
  if (verifiedRelease !== null && verifiedRelease >= (rule.minRelease ?? 1)) {
    return {
      ...gate,
      verdict: 'PASSED',
      message: `Release ${verifiedRelease} of ${rule.application} is verified in ${where}.`,
    };
  }
  const wanted =
    rule.minRelease === null
      ? `A release of ${rule.application}`
      : `Release ${rule.minRelease} of ${rule.application}, or a newer one,`;
  const now = verifiedRelease === null ? 'none is' : `release ${verifiedRelease} is`;
  return { ...gate, verdict: 'WAITING', message: `${wanted} must be verified in ${where}; ${now}.` };
}

/** Passes while no cluster of the slot has drifted. */
export function evaluateDrift(
  name: string,
  { drifted, environment }: Pick<GateFacts, 'drifted' | 'environment'>,
): Judged {
  const gate = { gate: name, kind: 'DRIFT' } as const;
  if (drifted === 0) return { ...gate, verdict: 'PASSED', message: `Nothing has drifted in ${environment}.` };
  const clusters = drifted === 1 ? '1 cluster' : `${drifted} clusters`;
  const message = `On ${clusters} of ${environment} objects have drifted: heal or accept what drifted.`;
  return { ...gate, verdict: 'WAITING', message };
}

/** One promotion at a time rolls out in a slot. */
export function evaluateSlot({ application, environment, holder }: GateFacts): Judged | undefined {
  if (!holder) return undefined;
  const message = `Release ${holder.release} of ${application} is being rolled out in ${environment}; one at a time.`;
  return { gate: 'slot', kind: 'SLOT', verdict: 'WAITING', message, since: holder.since };
}

/** A promotion into an empty environment waits for its first cluster. */
export function evaluateClusters({ clusters, environment, pendingSince }: GateFacts): Judged | undefined {
  if (clusters > 0) return undefined;
  const message = `No accepted cluster matches ${environment}; it starts when the first one joins.`;
  return { gate: 'clusters', kind: 'CLUSTERS', verdict: 'WAITING', message, since: pendingSince };
}

const NAMED_CLUSTERS = 3;

/** Every cluster must have a bundle to run. Who did not try to render says what the last try said. */
export function evaluateSource({ renderErrors, release, recorded }: GateFacts): Judged | undefined {
  const gate = { gate: 'source', kind: 'SOURCE', verdict: 'WAITING' } as const;
  if (!renderErrors) {
    const last = recorded.find((each) => each.gate === gate.gate && each.verdict === gate.verdict);
    return last && { ...gate, message: last.message };
  }
  const [first] = renderErrors;
  if (!first) return undefined;
  const named = renderErrors.slice(0, NAMED_CLUSTERS).map(({ cluster }) => cluster);
  const more = renderErrors.length > named.length ? ` and ${renderErrors.length - named.length} more` : '';
  const message = `Release ${release} cannot be rendered for ${named.join(', ')}${more}: ${first.message}`;
  return { ...gate, message };
}
