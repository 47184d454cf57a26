// Whether a promotion may start, and whether its next wave may. The start check, the API, automation and every "why is
// it not moving" ask these functions.
import type { ApprovalRule, GateRule } from '../../policies/domain/policy-step.ts';
import { waveGate } from '../../policies/domain/step-names.ts';
import { evaluateApproval } from './evaluate-approval.ts';
import { evaluateCheck } from './evaluate-check.ts';
import {
  evaluateClusters,
  evaluateDependency,
  evaluateDrift,
  evaluateFreeze,
  evaluateHold,
  evaluateSlot,
  evaluateSource,
  evaluateWindow,
} from './evaluate-surroundings.ts';
import { evaluateSoak, evaluateUpstream } from './evaluate-upstream.ts';
import type { CommonFacts, GateFacts, WaveGateFacts } from './gate-facts.ts';
import { passes, toWait, type GateVerdict, type Judged } from './gate-verdict.ts';
import type { Wait } from './wait.ts';

/**
 * Every gate of a start, in the order in which a person would ask: what comes before, the step's own gates, the first
 * wave's approval, freezes; then hold, slot, clusters and source, which are named only while they stop it. A rollback
 * passes all but the last; what a hotfix skips or a person overrode is OVERRIDDEN.
 */
export function evaluateGates(facts: GateFacts, now: Date): GateVerdict[] {
  const found = facts.intent === 'ROLLBACK' ? [] : policyVerdicts(facts, now);
  const stops = [
    evaluateHold(facts, now),
    evaluateSlot(facts),
    evaluateClusters(facts),
    evaluateSource(facts),
  ];
  return [...found, ...stops.filter((stop) => stop !== undefined)].map((judged) =>
    settled(judged, facts, now),
  );
}

/** What does not pass, in the order of the verdicts; empty: it may start now. */
export function unmetGates(verdicts: readonly GateVerdict[]): Wait[] {
  return verdicts.filter((verdict) => !passes(verdict)).map(toWait);
}

/**
 * The gates of a wave after the first. Before it starts: the step's windows, the wave's approval, freezes, hold. While
 * it goes on only a freeze matters, and only where the step says HALT. A rollback has none.
 */
export function evaluateWaveGates(facts: WaveGateFacts, now: Date): GateVerdict[] {
  if (facts.intent === 'ROLLBACK') return [];
  const starting = facts.waveState === 'PENDING';
  const found = [...(starting ? waveStartVerdicts(facts, now) : []), ...waveFreeze(facts, starting, now)];
  return found.map((judged) => settled(judged, facts, now));
}

/** Whether a newer promotion may take the place of older ones: its own UPSTREAM and SOAK have passed. */
export function mayOvertake(verdicts: readonly GateVerdict[]): boolean {
  return verdicts.filter(({ kind }) => kind === 'UPSTREAM' || kind === 'SOAK').every(passes);
}

/** Whether people have given every consent that the start asks for; false where it asks for none. */
export function isFullyApproved(verdicts: readonly GateVerdict[]): boolean {
  const approvals = verdicts.filter(({ kind }) => kind === 'APPROVAL');
  return approvals.length > 0 && approvals.every(passes);
}

/** How the verdicts end the promotion; `undefined`: they do not. */
export function endBy(verdicts: readonly GateVerdict[]): GateVerdict | undefined {
  return verdicts.find(({ end }) => end !== undefined);
}

/** The nearest moment at which the clock alone changes a verdict. */
export function nearestUntil(verdicts: readonly GateVerdict[], now: Date): Date | undefined {
  const ahead = verdicts.flatMap(({ until }) => (until && until > now ? [until.getTime()] : []));
  return ahead.length === 0 ? undefined : new Date(Math.min(...ahead));
}

/** The gates whose question must be asked now: a webhook after upstream and soak, a check once all else has passed. */
export function gatesToAsk(facts: GateFacts, verdicts: readonly GateVerdict[]): GateRule[] {
  const asked = new Set(facts.checks.map(({ gate }) => gate));
  const open = new Set(verdicts.filter((verdict) => !passes(verdict)).map(({ gate }) => gate));
  const othersPass = verdicts.every((verdict) => passes(verdict) || verdict.kind === 'CHECK');
  return facts.step.gates.filter(({ name, kind }) => {
    if (asked.has(name) || !open.has(name)) return false;
    return kind === 'webhook' ? mayOvertake(verdicts) : kind === 'check' && othersPass;
  });
}

function policyVerdicts(facts: GateFacts, now: Date): Judged[] {
  const upstream = facts.step.upstream.length === 0 ? [] : [evaluateUpstream(facts, now)];
  const soaks = facts.step.gates.flatMap((gate) =>
    gate.kind === 'soak' ? [evaluateSoak(gate, facts, now)] : [],
  );
  const before = [...upstream, ...soaks];
  // People and outside systems are asked once the release has come here; until then no time of theirs runs.
  const arrived = before.every(({ verdict }) => verdict === 'PASSED');
  const asked = arrived ? latestOf(before, facts.pendingSince) : undefined;
  const own = facts.step.gates.flatMap((gate) =>
    gate.kind === 'soak' ? [] : [evaluateOwn(gate, facts, { asked, now })],
  );
  return [...before, ...own, ...firstWave(facts, { asked, now }), evaluateFreeze(facts, now)];
}

interface When {
  readonly asked: Date | undefined;
  readonly now: Date;
}

function evaluateOwn(
  gate: Exclude<GateRule, { kind: 'soak' }>,
  facts: GateFacts,
  { asked, now }: When,
): Judged {
  switch (gate.kind) {
    case 'approval':
      return evaluateApproval(gate, facts, { pendingSince: facts.pendingSince, asked }, now);
    case 'window':
      return evaluateWindow(gate, now);
    case 'dependency':
      return evaluateDependency(gate, facts);
    case 'driftFree':
      return evaluateDrift(gate.name, facts);
    case 'check':
    case 'webhook':
      return evaluateCheck(gate, facts.checks);
  }
}

function firstWave(facts: GateFacts, { asked, now }: When): Judged[] {
  const [first] = facts.step.waves;
  if (!first?.approval) return [];
  const rule = { ...first.approval, name: waveGate(first.name) };
  return [evaluateApproval(rule, facts, { pendingSince: facts.pendingSince, asked }, now)];
}

function waveStartVerdicts(facts: WaveGateFacts, now: Date): Judged[] {
  const windows = facts.step.gates.flatMap((gate) =>
    gate.kind === 'window' ? [evaluateWindow(gate, now)] : [],
  );
  const approval = approvalOf(facts);
  const hold = evaluateHold(facts, now);
  // No `asked`: a rollout that is under way waits for consent, and does not expire.
  const asked = { pendingSince: facts.waveSince, asked: undefined };
  return [
    ...windows,
    ...(approval ? [evaluateApproval({ ...approval, name: waveGate(facts.wave) }, facts, asked, now)] : []),
    ...(hold ? [hold] : []),
  ];
}

function waveFreeze(facts: WaveGateFacts, starting: boolean, now: Date): Judged[] {
  const { onFreeze } = facts.step;
  if (onFreeze === 'FINISH_ALL' || (onFreeze === 'FINISH_WAVE' && !starting)) return [];
  return [evaluateFreeze(facts, now)];
}

function approvalOf({ step, wave }: WaveGateFacts): ApprovalRule | undefined {
  return step.waves.find(({ name }) => name === wave)?.approval ?? undefined;
}

function latestOf(before: readonly Judged[], atLeast: Date): Date {
  return new Date(Math.max(atLeast.getTime(), ...before.map(({ since }) => since?.getTime() ?? 0)));
}

/** Overrides, hotfix skips, and since when: what a gate does not tell itself is known from the last time it was asked. */
function settled(judged: Judged, facts: CommonFacts, now: Date): GateVerdict {
  const override = overrideOf(judged.gate, facts);
  if (override && judged.verdict !== 'PASSED') {
    const { gate, kind } = judged;
    const message = `${override.words} ${judged.message}`;
    return { gate, kind, verdict: 'OVERRIDDEN', message, since: override.since, overriddenBy: override.by };
  }
  return { ...judged, since: judged.since ?? recordedSince(judged, facts) ?? firstSince(judged, facts, now) };
}

function overrideOf(
  gate: string,
  { overrides, intent, step, requestedBy, reason, pendingSince }: CommonFacts,
) {
  const override = overrides.find((each) => each.gate === gate);
  if (override)
    return { words: `Overridden by ${override.by}: ${override.reason}`, by: override.by, since: override.at };
  if (intent !== 'HOTFIX' || !step.hotfixSkips.includes(gate)) return undefined;
  return {
    words: `Skipped by a hotfix of ${requestedBy}: ${reason ?? ''}`,
    by: requestedBy,
    since: pendingSince,
  };
}

function recordedSince({ gate, verdict }: Judged, { recorded }: CommonFacts): Date | undefined {
  return recorded.find((each) => each.gate === gate && each.verdict === verdict)?.since;
}

// A gate that was never recorded has said the same since the beginning; one that said something else changes now.
function firstSince({ gate }: Judged, { recorded, pendingSince }: CommonFacts, now: Date): Date {
  return recorded.some((each) => each.gate === gate) ? now : pendingSince;
}
