// What a running promotion does next: one step at a time, from what its waves, gates and checks say now. The settler
// carries each step out, reads what it changed, and asks again until there is nothing left but to wait.
import type { CheckRule } from '../../policies/domain/policy-step.ts';
import type { PauseKind, Promotion } from './promotion.ts';
import {
  allBaked,
  allReady,
  count,
  counted,
  exceedsFailures,
  exceedsOffline,
  room,
  waiting,
  type WaveFacts,
} from './wave-progress.ts';

/** What a check says; OVERRIDDEN: a person passed over it. */
export interface CheckAnswer {
  readonly gate: string;
  readonly state: 'RUNNING' | 'PASSED' | 'FAILED' | 'INCONCLUSIVE' | 'OVERRIDDEN';
  readonly message: string;
}

/** Everything that the next step is decided by, read under the slot's lock. */
export interface RolloutFacts {
  readonly promotion: Pick<Promotion, 'state' | 'intent' | 'step' | 'pauseReasons'>;
  /** In order. */
  readonly waves: readonly WaveFacts[];
  /** Why the wave that is next may not begin: what its gates wait for. */
  readonly blocked: readonly string[];
  /** Why what has begun must halt, a freeze for example. */
  readonly halted: readonly string[];
  /** Of `wantedChecks`, in any order. */
  readonly checks: readonly CheckAnswer[];
}

/** One step; waves by their position. */
export type RolloutStep =
  | { readonly kind: 'FAIL'; readonly wave: number }
  | { readonly kind: 'FAIL_CHECK'; readonly check: CheckAnswer }
  | { readonly kind: 'PAUSE'; readonly pause: PauseKind; readonly reason: string }
  | { readonly kind: 'RESUME'; readonly pause: PauseKind }
  | { readonly kind: 'SKIP_WAVE' | 'START_WAVE' | 'BAKE_WAVE' | 'PASS_WAVE'; readonly wave: number }
  /** Up to `limit` more of those that are online, and all that are not: they catch up when they return. */
  | { readonly kind: 'ASSIGN'; readonly wave: number; readonly limit: number }
  | { readonly kind: 'WAVES_PASSED' | 'VERIFIED' }
  | { readonly kind: 'WAIT' };

/** What a step makes of the wave that it names. */
export const waveStateAfter = {
  START_WAVE: 'IN_PROGRESS',
  BAKE_WAVE: 'BAKING',
  SKIP_WAVE: 'SKIPPED',
  PASS_WAVE: 'PASSED',
} as const;

/** A check by the name under which its run is kept. */
export interface NamedCheck {
  readonly gate: string;
  readonly rule: CheckRule;
  /** The wave that it verifies; absent for the verification after all of them. */
  readonly wave?: number;
}

/** The wave that is under way or next; `undefined`: all have passed. */
export function currentWave(waves: readonly WaveFacts[]): WaveFacts | undefined {
  return waves.find(({ state }) => state !== 'PASSED' && state !== 'SKIPPED');
}

/** What must be verified now, and not earlier: a check asks of what runs, not of what is being changed. */
export function wantedChecks(facts: Pick<RolloutFacts, 'promotion' | 'waves'>): NamedCheck[] {
  const { promotion, waves } = facts;
  // A rollback returns to what was verified: it is judged by the health of its clusters alone.
  if (promotion.intent === 'ROLLBACK') return [];
  const wave = currentWave(waves);
  if (!wave) return promotion.step.verification.map((rule) => ({ gate: `verification:${rule.name}`, rule }));
  if (wave.state === 'PENDING' || !allBaked(wave, promotion.step.offline)) return [];
  const { rule, position } = wave;
  return rule.verification.map((check) => ({
    gate: `wave:${rule.name}:${check.name}`,
    rule: check,
    wave: position,
  }));
}

/** The first thing that is to be done; WAIT: an event, a report or the clock must come first. */
export function nextRolloutStep(facts: RolloutFacts): RolloutStep {
  return failing(facts) ?? pausing(facts) ?? moving(facts);
}

function failing({ promotion, waves, checks }: RolloutFacts): RolloutStep | undefined {
  if (promotion.intent === 'ROLLBACK') return undefined;
  const wave = waves.find(exceedsFailures);
  if (wave) return { kind: 'FAIL', wave: wave.position };
  const check = checks.find(({ state }) => state === 'FAILED');
  return check && { kind: 'FAIL_CHECK', check };
}

/** The pauses that nobody asked for begin and end with their cause; a person's is the person's. */
function pausing(facts: RolloutFacts): RolloutStep | undefined {
  const reasons = new Map(facts.promotion.pauseReasons.map((reason) => [reason.kind, reason]));
  for (const [pause, cause] of Object.entries(causes) as [
    PauseKind,
    (facts: RolloutFacts) => string | undefined,
  ][]) {
    const reason = cause(facts);
    if (reason !== undefined && !reasons.has(pause)) return { kind: 'PAUSE', pause, reason };
    if (reason === undefined && reasons.has(pause)) return { kind: 'RESUME', pause };
  }
  return undefined;
}

const causes: Readonly<Partial<Record<PauseKind, (facts: RolloutFacts) => string | undefined>>> = {
  EMPTY: ({ waves }) => {
    if (waves.some((wave) => counted(wave) > 0)) return undefined;
    const skipped = waves.reduce((sum, { tally }) => sum + count(tally, 'SKIPPED'), 0);
    return skipped === 0
      ? 'Every cluster of the rollout has left the environment; it goes on when one joins.'
      : `The release cannot be rendered for any cluster of the rollout (${skipped} skipped, each says why); it goes on once it can be for one of them, or when another joins. Cancel it to bring another release.`;
  },
  OFFLINE: ({ waves }) => {
    const wave = currentWave(waves);
    if (!wave || wave.state === 'PENDING' || !exceedsOffline(wave)) return undefined;
    const silent = count(wave.tally, 'OFFLINE');
    return `${silent} of ${counted(wave)} clusters of wave ${wave.rule.name} are offline, more than it bears; it goes on when enough are back.`;
  },
  FREEZE: ({ halted }) => (halted.length > 0 ? halted.join(' ') : undefined),
  INCONCLUSIVE: ({ checks }) => {
    const unclear = checks.filter(({ state }) => state === 'INCONCLUSIVE');
    if (unclear.length === 0) return undefined;
    const said = unclear.map(({ gate, message }) => `${gate}: ${message}`).join(' ');
    return `${said} Resume it to ask again, or override what could not be judged.`;
  },
  ROLLBACK_FAILED: ({ promotion, waves }) => {
    const wave = promotion.intent === 'ROLLBACK' ? waves.find(exceedsFailures) : undefined;
    return (
      wave && `${count(wave.tally, 'FAILED', 'TIMED_OUT')} of ${counted(wave)} clusters could not return`
    );
  },
};

function moving(facts: RolloutFacts): RolloutStep {
  const { promotion, waves } = facts;
  if (promotion.state === 'PAUSED') return { kind: 'WAIT' };
  const wave = currentWave(waves);
  if (!wave) return finishing(facts);
  if (counted(wave) === 0) return { kind: 'SKIP_WAVE', wave: wave.position };
  return wave.state === 'PENDING' ? starting(facts, wave) : going(facts, wave);
}

/** Whoever proved the waves may have left or fallen silent since: somebody must stand for the release now. */
function finishing({ promotion, waves, checks }: RolloutFacts): RolloutStep {
  if (promotion.state === 'ROLLING') return { kind: 'WAVES_PASSED' };
  const well = waves.every(({ unwell }) => unwell === 0) || promotion.intent === 'ROLLBACK';
  const proven = well && waves.some(({ tally }) => count(tally, 'READY', 'BAKED') > 0);
  return proven && checks.every(passed) ? { kind: 'VERIFIED' } : { kind: 'WAIT' };
}

/** Earlier waves must be well at this moment, not only when they passed. */
function starting({ waves, blocked }: RolloutFacts, wave: WaveFacts): RolloutStep {
  const earlier = waves.filter(({ position }) => position < wave.position);
  const free = blocked.length === 0 && earlier.every(({ unwell }) => unwell === 0);
  return free ? { kind: 'START_WAVE', wave: wave.position } : { kind: 'WAIT' };
}

function going({ promotion, checks }: RolloutFacts, wave: WaveFacts): RolloutStep {
  const { offline } = promotion.step;
  const limit = room(wave);
  if (waiting(wave) > 0 && limit > 0) return { kind: 'ASSIGN', wave: wave.position, limit };
  if (!allReady(wave, offline)) return { kind: 'WAIT' };
  if (wave.state === 'IN_PROGRESS' && wave.rule.bakeMs > 0) return { kind: 'BAKE_WAVE', wave: wave.position };
  const proven = allBaked(wave, offline) && checks.every(passed);
  return proven ? { kind: 'PASS_WAVE', wave: wave.position } : { kind: 'WAIT' };
}

function passed({ state }: CheckAnswer): boolean {
  return state === 'PASSED' || state === 'OVERRIDDEN';
}
