// What can be wrong with the waves of one step; above all, that they could leave clusters out.
import {
  isSelectorProblem,
  parseLabelSelector,
  selectorProblemText,
} from '../../clusters/domain/label-selector.ts';
import { approvalProblems } from './approval-problems.ts';
import { verificationProblems } from './check-problems.ts';
import type { WaveRule } from './policy-step.ts';
import { doubled, stepNameProblem } from './step-names.ts';

const MAX_WAVES = 50;

/** Problems of all waves of a step. No waves at all are one of all clusters. */
export function waveProblems(waves: readonly WaveRule[]): string[] {
  return [
    ...(waves.length > MAX_WAVES ? [`it has ${waves.length} waves; at most ${MAX_WAVES}.`] : []),
    ...doubled(waves.map(({ name }) => name)).map((name) => `two waves have the name "${name}".`),
    ...waves.flatMap((wave) => problemsOf(wave).map((problem) => `wave "${wave.name}": ${problem}`)),
    ...coverProblems(waves),
  ];
}

function problemsOf(wave: WaveRule): string[] {
  const name = stepNameProblem(wave.name);
  return [
    ...(name === undefined ? [] : [name]),
    ...choiceProblems(wave),
    ...budgetProblems(wave),
    ...(wave.bakeMs >= 0 ? [] : ['bake must not be negative.']),
    ...(wave.approval === null
      ? []
      : approvalProblems(wave.approval).map((problem) => `approval: ${problem}`)),
    ...verificationProblems(wave.verification),
  ];
}

function choiceProblems({ selector, percent, count }: WaveRule): string[] {
  const given = [selector, percent, count].filter((choice) => choice !== null);
  const parsed = parseLabelSelector(selector ?? '');
  return [
    ...(given.length > 1
      ? ['it takes its clusters by selector, by percent or by count, not by several.']
      : []),
    ...(isSelectorProblem(parsed) ? [selectorProblemText(selector ?? '', parsed)] : []),
    ...between({ percent }, 1, 100),
    ...between({ count }, 1, MAX_CLUSTERS),
  ];
}

const MAX_CLUSTERS = 1_000_000;

function budgetProblems(wave: WaveRule): string[] {
  const {
    maxConcurrent,
    maxConcurrentPercent,
    maxFailures,
    maxFailuresPercent,
    maxOffline,
    maxOfflinePercent,
  } = wave;
  return [
    ...notBoth({ maxConcurrent, maxConcurrentPercent }),
    ...notBoth({ maxFailures, maxFailuresPercent }),
    ...notBoth({ maxOffline, maxOfflinePercent }),
    ...between({ maxConcurrent }, 1, MAX_CLUSTERS),
    ...between({ maxConcurrentPercent }, 1, 100),
    ...between({ maxFailures, maxOffline }, 0, MAX_CLUSTERS),
    ...between({ maxFailuresPercent, maxOfflinePercent }, 0, 100),
  ];
}

function between(fields: Readonly<Record<string, number | null>>, low: number, high: number): string[] {
  return Object.entries(fields).flatMap(([field, value]) =>
    value === null || (value >= low && value <= high) ? [] : [`${field} must be between ${low} and ${high}.`],
  );
}

function notBoth(fields: Readonly<Record<string, number | null>>): string[] {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return given.length < 2 ? [] : [`give ${given.map(([field]) => field).join(' or ')}, not both.`];
}

/** The last wave takes all that remain; before it nothing does, and percentages rise. */
function coverProblems(waves: readonly WaveRule[]): string[] {
  const last = waves.at(-1);
  const problems: string[] = [];
  if (last && !takesAll(last)) {
    problems.push(
      `the waves could leave clusters out: let the last one ("${last.name}") take all that remain, or percent 100.`,
    );
  }
  const early = waves.slice(0, -1).find(takesAll);
  if (early) problems.push(`wave "${early.name}" takes all clusters, so the waves after it would take none.`);
  const percents = waves.flatMap(({ percent }) => percent ?? []);
  if (percents.some((percent, index) => percent <= (percents[index - 1] ?? 0))) {
    problems.push('percent is the share taken when the wave is done, so it must rise from wave to wave.');
  }
  return problems;
}

function takesAll({ selector, percent, count }: WaveRule): boolean {
  return percent === 100 || (selector === null && percent === null && count === null);
}
