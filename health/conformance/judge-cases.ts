// Runs the cases of a family.
import { computeHealth } from '../src/compute-health.ts';
import { type ConformanceCase, conformanceNowMs } from './conformance-cases.ts';
import type { KnownDifference } from './known-differences.ts';

/** Cases that are judged otherwise than expected; a reason is known or not. */
export type Difference = Omit<KnownDifference, 'reason'>;

/** All differences, in the order of the cases. */
export function differencesIn(cases: readonly ConformanceCase[]): Difference[] {
  return cases.flatMap(({ name, object, expected }) => {
    const { health } = computeHealth(object, { nowMs: conformanceNowMs });
    return health === expected ? [] : [{ name, theirs: expected, ours: health }];
  });
}
