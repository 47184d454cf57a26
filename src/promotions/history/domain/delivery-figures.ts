// The five figures of software delivery (DORA) and what held deployments up, from rows of history alone. They are seen
// as at the end of the window, so a window that is over has the same figures whenever it is asked for.
import type { PromotionIntent, PromotionState } from '../../domain/promotion.ts';
import { quantilesOf, type Quantiles } from './quantiles.ts';

/** From, included, to, excluded. */
export interface FigureWindow {
  readonly from: Date;
  readonly to: Date;
}

/** A promotion that started or ended in the window, or that tells how its slot was when the window began. */
export interface HistoricPromotion {
  /** Application and environment, as one text. */
  readonly slot: string;
  readonly application: string;
  readonly release: number;
  readonly intent: PromotionIntent;
  readonly state: PromotionState;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** When somebody, or the hub, began to take it back. */
  readonly rolledBackAt: Date | null;
  /** When what it had verified was found to be ill after all. */
  readonly revokedAt: Date | null;
  /** The newest release that had been deployed in its slot before the window; 0: none. */
  readonly reachedBefore: number;
}

/** A commit and the release that brought it. */
export interface HistoricCommit {
  readonly application: string;
  readonly release: number;
  readonly committedAt: Date;
}

/** How long one promotion's gate kept it waiting. */
export interface HistoricWait {
  readonly gate: string;
  readonly waitedMs: number;
}

export interface History {
  readonly promotions: readonly HistoricPromotion[];
  readonly commits: readonly HistoricCommit[];
  readonly waits: readonly HistoricWait[];
  readonly overrides: number;
}

export interface DeliveryFigures {
  readonly deployments: number;
  readonly deploymentsPerDay: number;
  /** From commit to deployed, each commit once in each slot. */
  readonly leadTime: Quantiles | undefined;
  /** Failed ones among the deployments that ended in the window; undefined: none ended. */
  readonly changeFailRate: number | undefined;
  /** From failure to the next success in the slot; those that are still open count with their age. */
  readonly recoveryTime: Quantiles | undefined;
  readonly openFailures: number;
  /** Deployments that only mended, among all; undefined: there was none. */
  readonly reworkRate: number | undefined;
  /** From the wish to the start. */
  readonly queueTime: Quantiles | undefined;
  readonly waitByGate: readonly (Quantiles & { readonly gate: string; readonly totalMs: number })[];
  readonly overrides: number;
}

const A_DAY_MS = 86_400_000;

/** All figures of the window. */
export function deliveryFigures(history: History, window: FigureWindow): DeliveryFigures {
  const slots = [...Map.groupBy(history.promotions, ({ slot }) => slot).values()];
  const deployed = history.promotions.filter((each) => isDeployment(each) && isIn(each.finishedAt, window));
  const failures = slots.flatMap((slot) => failuresOf(slot, window.to));
  const commits = byRelease(history.commits);
  const days = (window.to.getTime() - window.from.getTime()) / A_DAY_MS;
  return {
    deployments: deployed.length,
    deploymentsPerDay: days > 0 ? deployed.length / days : 0,
    leadTime: quantilesOf(slots.flatMap((slot) => leadTimesOf(slot, commits, window))),
    changeFailRate: changeFailRate(history.promotions, window),
    recoveryTime: quantilesOf(recoveryTimes(failures, window)),
    openFailures: failures.filter(({ recovery }) => recovery === undefined).length,
    reworkRate: share(deployed.filter((each) => isRework(each, failures)).length, deployed.length),
    queueTime: quantilesOf(queueTimes(history.promotions, window)),
    waitByGate: waitByGate(history.waits),
    overrides: history.overrides,
  };
}

/** A rollback is no deployment: it takes one back. */
function isChange({ intent }: HistoricPromotion): boolean {
  return intent !== 'ROLLBACK';
}

function isDeployment(promotion: HistoricPromotion): boolean {
  return isChange(promotion) && promotion.state === 'SUCCEEDED';
}

/**
 * When a change that reached clusters turned out bad: it failed, it was taken back, or it fell ill afterwards. One that
 * failed before it started reached nobody.
 */
function failedAt(promotion: HistoricPromotion, to: Date): Date | undefined {
  if (!isChange(promotion) || promotion.startedAt === null) return undefined;
  const { state, finishedAt, rolledBackAt, revokedAt } = promotion;
  const moments = [state === 'FAILED' ? finishedAt : null, rolledBackAt, revokedAt].filter(
    (moment): moment is Date => moment !== null && moment < to,
  );
  return moments.toSorted(byTime)[0];
}

interface Failure {
  readonly at: Date;
  /** The first success in the slot afterwards, also a rollback's. */
  readonly recovery: HistoricPromotion | undefined;
  /** How long it lasted, until the window's end where it is open. */
  readonly lastedMs: number;
}

function failuresOf(slot: readonly HistoricPromotion[], to: Date): Failure[] {
  const successes = slot
    .filter(({ state, finishedAt }) => state === 'SUCCEEDED' && finishedAt !== null && finishedAt < to)
    .toSorted((a, b) => byTime(endOf(a, to), endOf(b, to)));
  return slot.flatMap((promotion) => {
    const at = failedAt(promotion, to);
    if (!at) return [];
    const recovery = successes.find((success) => success !== promotion && endOf(success, to) > at);
    const until = recovery ? endOf(recovery, to) : to;
    return [{ at, recovery, lastedMs: until.getTime() - at.getTime() }];
  });
}

/** Of failures that ended in the window, or are open at its end. */
function recoveryTimes(failures: readonly Failure[], window: FigureWindow): number[] {
  return failures
    .filter(({ recovery }) => recovery === undefined || isIn(recovery.finishedAt, window))
    .map(({ lastedMs }) => lastedMs);
}

function changeFailRate(promotions: readonly HistoricPromotion[], window: FigureWindow): number | undefined {
  const ended = promotions.filter(
    (each) => isChange(each) && each.startedAt !== null && isIn(each.finishedAt, window),
  );
  const failed = ended.filter((each) => failedAt(each, window.to) !== undefined);
  // One that a person cancelled and did not take back is neither good nor bad.
  return share(failed.length, failed.length + ended.filter((each) => isGood(each, window.to)).length);
}

function isGood(promotion: HistoricPromotion, to: Date): boolean {
  return promotion.state === 'SUCCEEDED' && failedAt(promotion, to) === undefined;
}

/** Made to mend: a hotfix, the same once more, or the change that ended a failure. */
function isRework(deployment: HistoricPromotion, failures: readonly Failure[]): boolean {
  if (deployment.intent !== 'FORWARD') return true;
  return failures.some(({ recovery }) => recovery === deployment);
}

/** A commit is deployed by the first success that reaches its release, also where releases between were passed over. */
function leadTimesOf(
  slot: readonly HistoricPromotion[],
  commits: CommitsByRelease,
  window: FigureWindow,
): number[] {
  const deployments = slot
    .filter((each) => isDeployment(each) && isIn(each.finishedAt, window))
    .toSorted((a, b) => byTime(endOf(a, window.to), endOf(b, window.to)));
  let reached = slot[0]?.reachedBefore ?? 0;
  return deployments.flatMap((deployment) => {
    const brought = broughtBy(deployment, reached, commits);
    reached = Math.max(reached, deployment.release);
    return brought.map(({ committedAt }) => endOf(deployment, window.to).getTime() - committedAt.getTime());
  });
}

type CommitsByRelease = ReadonlyMap<string, readonly HistoricCommit[]>;

function byRelease(commits: readonly HistoricCommit[]): CommitsByRelease {
  return Map.groupBy(commits, ({ application, release }) => `${application}#${release}`);
}

function broughtBy(
  { application, release }: HistoricPromotion,
  reached: number,
  commits: CommitsByRelease,
): HistoricCommit[] {
  const brought: HistoricCommit[] = [];
  for (let number = reached + 1; number <= release; number++) {
    brought.push(...(commits.get(`${application}#${number}`) ?? []));
  }
  return brought;
}

function queueTimes(promotions: readonly HistoricPromotion[], window: FigureWindow): number[] {
  return promotions.flatMap((promotion) => {
    const { startedAt, createdAt } = promotion;
    if (!isChange(promotion) || !startedAt || !isIn(startedAt, window)) return [];
    return [startedAt.getTime() - createdAt.getTime()];
  });
}

function waitByGate(waits: readonly HistoricWait[]): DeliveryFigures['waitByGate'] {
  const gates = [...Map.groupBy(waits, ({ gate }) => gate)].map(([gate, of]) => {
    const durations = of.map(({ waitedMs }) => waitedMs);
    const totalMs = durations.reduce((sum, each) => sum + each, 0);
    return { gate, totalMs, ...(quantilesOf(durations) ?? { p50Ms: 0, p90Ms: 0, count: 0 }) };
  });
  return gates.toSorted((a, b) => b.totalMs - a.totalMs || (a.gate < b.gate ? -1 : 1));
}

function isIn(moment: Date | null, { from, to }: FigureWindow): boolean {
  return moment !== null && moment >= from && moment < to;
}

function endOf({ finishedAt }: HistoricPromotion, otherwise: Date): Date {
  return finishedAt ?? otherwise;
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function byTime(a: Date, b: Date): number {
  return a.getTime() - b.getTime();
}
