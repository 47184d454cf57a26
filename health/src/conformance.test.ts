// The cases of Argo CD and kstatus, where their data is at hand. Every difference is known, and has its reason.
import { describe, expect, it } from 'vitest';
import {
  type ConformanceCase,
  argoCdCases,
  conformanceNowMs,
  isDataPromised,
  kstatusCases,
  tellLeftOut,
} from '../conformance/conformance-cases.ts';
import { differencesIn } from '../conformance/judge-cases.ts';
import {
  type KnownDifference,
  argoCdDifferences,
  kstatusDifferences,
} from '../conformance/known-differences.ts';
import { computeHealth } from './compute-health.ts';

interface Family {
  readonly name: string;
  readonly cases: readonly ConformanceCase[] | undefined;
  readonly known: readonly KnownDifference[];
  /** How many cases may be judged otherwise at most. */
  readonly allowed: (count: number) => number;
}

const families: readonly Family[] = [
  {
    name: "Argo CD's custom kinds",
    cases: argoCdCases(),
    known: argoCdDifferences,
    allowed: (count) => count * 0.01,
  },
  { name: 'kstatus', cases: kstatusCases(), known: kstatusDifferences, allowed: () => 3 },
];

describe.each(families)('the cases of $name', ({ name, cases, known, allowed }) => {
  if (!cases) {
    tellLeftOut(`the conformance with ${name}`);
    it(`are left out, and were not promised by FAIRLEAD_CONFORMANCE_DATA`, () => {
      expect(isDataPromised).toBe(false);
    });
    return;
  }
  const ours = new Map(known.map((difference) => [difference.name, difference.ours]));

  it.each(cases)('judges $name', ({ name: id, object, expected }) => {
    expect(computeHealth(object, { nowMs: conformanceNowMs }).health).toBe(ours.get(id) ?? expected);
  });

  it('differ in what is known and told in docs/health.md, and in nothing else', () => {
    const told = known.map(({ reason: _reason, ...difference }) => difference);
    expect(differencesIn(cases)).toEqual(expect.arrayContaining(told));
    expect(differencesIn(cases)).toHaveLength(told.length);
    expect(told.length).toBeLessThanOrEqual(allowed(cases.length));
  });
});
