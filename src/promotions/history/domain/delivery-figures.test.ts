// The figures against a history whose figures were computed by hand. Times are hours since the window's beginning.
import { describe, expect, it } from 'vitest';
import {
  deliveryFigures,
  type HistoricCommit,
  type HistoricPromotion,
  type History,
} from './delivery-figures.ts';
import { quantilesOf } from './quantiles.ts';

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const at = (hour: number): Date => new Date(start + hour * HOUR_MS);
const hours = (ms: number | undefined): number => (ms ?? NaN) / HOUR_MS;
const week = { from: at(0), to: at(240) };

/** `[created, started, finished]`; a null has not happened. */
type Times = readonly [number, number | null, number | null];

const promotion = (
  release: number,
  [created, started, finished]: Times,
  more: Partial<HistoricPromotion> = {},
) => ({
  slot: 'shop/prod',
  application: 'shop',
  release,
  intent: 'FORWARD' as const,
  state: 'SUCCEEDED' as const,
  createdAt: at(created),
  startedAt: started === null ? null : at(started),
  finishedAt: finished === null ? null : at(finished),
  rolledBackAt: null,
  revokedAt: null,
  reachedBefore: 4,
  ...more,
});
const commit = (release: number, hour: number): HistoricCommit => ({
  application: 'shop',
  release,
  committedAt: at(hour),
});
const history = (promotions: HistoricPromotion[], more: Partial<History> = {}): History => ({
  promotions,
  commits: [],
  waits: [],
  overrides: 0,
  ...more,
});

/**
 * prod, 10 days. Release 4 ran before.
 * 5: wished 0, superseded by 6 at 9. Its commit (-2) rides along with 6.
 * 6: wished 8, started 10, succeeded 12: commits at -2 (of 5) and 7 → lead times 14 and 5.
 * 7: wished 20, started 21, failed 23; rolled back to 6 from 23, done at 24 → recovery 1.
 * 8: wished 30, started 30, succeeded 34: commits at 18 (of 7), 26 and 29 → 16, 8, 5. It came after the recovery: no rework.
 * 9: wished 50, started 52, succeeded 53, fell ill at 60, mended by hotfix 10: recovery 4 (60 → 64).
 *    Commit at 49 → 4.
 * 10: HOTFIX wished 61, started 61, succeeded 64: commit at 61 → 3.
 * 11: wished 100, failed at 105 before it started (a check): no deployment.
 * 12: overlaps: wished 110 while 13 is wished at 111; started 112, failed 116. Open: nothing succeeded after it.
 * 13: wished 111, superseded.
 * 14: wished 230, started 236, rolling at the window's end.
 */
const decade = history(
  [
    promotion(5, [0, null, 9], { state: 'SUPERSEDED' }),
    promotion(6, [8, 10, 12]),
    promotion(7, [20, 21, 23], { state: 'FAILED', rolledBackAt: at(23) }),
    promotion(6, [23, 23, 24], { intent: 'ROLLBACK' }),
    promotion(8, [30, 30, 34]),
    promotion(9, [50, 52, 53], { revokedAt: at(60) }),
    promotion(10, [61, 61, 64], { intent: 'HOTFIX' }),
    promotion(11, [100, null, 105], { state: 'FAILED' }),
    promotion(12, [110, 112, 116], { state: 'FAILED' }),
    promotion(13, [111, null, 118], { state: 'SUPERSEDED' }),
    promotion(14, [230, 236, null], { state: 'ROLLING' }),
  ],
  {
    commits: [
      commit(4, -50),
      commit(5, -2),
      commit(6, 7),
      commit(7, 18),
      commit(8, 26),
      commit(8, 29),
      commit(9, 49),
      commit(10, 61),
      commit(12, 109),
    ],
    waits: [
      { gate: 'approval', waitedMs: 2 * HOUR_MS },
      { gate: 'soak', waitedMs: HOUR_MS },
      { gate: 'approval', waitedMs: 4 * HOUR_MS },
    ],
    overrides: 3,
  },
);

describe('the figures of a fixed history', () => {
  const figures = deliveryFigures(decade, week);

  it('count deployments: 6, 8, 9 and 10 in ten days', () => {
    expect([figures.deployments, figures.deploymentsPerDay]).toEqual([4, 0.4]);
  });

  it('time every commit once, those of superseded releases too: 14 5 16 8 5 4 3', () => {
    // Sorted 3 4 5 5 8 14 16; the median is the 4th; p90 lies 0.4 of the way from the 6th to the 7th.
    expect([hours(figures.leadTime?.p50Ms), hours(figures.leadTime?.p90Ms), figures.leadTime?.count]).toEqual(
      [5, 14.8, 7],
    );
  });

  it('count 7, 9 and 12 as failed of 6 7 8 9 10 12', () => {
    expect(figures.changeFailRate).toBe(3 / 6);
  });

  it('time recoveries 1 and 4, and the open failure with its age of 124', () => {
    expect(figures.openFailures).toBe(1);
    // Sorted 1 4 124.
    expect([hours(figures.recoveryTime?.p50Ms), hours(figures.recoveryTime?.p90Ms)]).toEqual([4, 100]);
    expect(figures.recoveryTime?.count).toBe(3);
  });

  it('count the hotfix alone as rework, one of four', () => {
    expect(figures.reworkRate).toBe(1 / 4);
  });

  it('time the queue of all that started, the one that still rolls included: 2 1 0 2 0 2 6', () => {
    // Sorted 0 0 1 2 2 2 6.
    expect([
      hours(figures.queueTime?.p50Ms),
      hours(figures.queueTime?.p90Ms),
      figures.queueTime?.count,
    ]).toEqual([2, 3.6, 7]);
  });

  it('name the gates by how long they held up, and the overrides', () => {
    expect(
      figures.waitByGate.map(({ gate, totalMs, p50Ms, count }) => [
        gate,
        hours(totalMs),
        hours(p50Ms),
        count,
      ]),
    ).toEqual([
      ['approval', 6, 3, 2],
      ['soak', 1, 1, 1],
    ]);
    expect(figures.overrides).toBe(3);
  });
});

describe('figures', () => {
  it('are none, not zero, where nothing happened', () => {
    expect(deliveryFigures(history([]), week)).toEqual({
      deployments: 0,
      deploymentsPerDay: 0,
      openFailures: 0,
      waitByGate: [],
      overrides: 0,
    });
  });

  it('keep slots apart: a success in one ends no failure in another', () => {
    const { openFailures, recoveryTime } = deliveryFigures(
      history([
        promotion(5, [0, 0, 10], { state: 'FAILED' }),
        promotion(5, [0, 0, 20], { slot: 'shop/staging' }),
      ]),
      week,
    );
    expect([openFailures, hours(recoveryTime?.p50Ms)]).toEqual([1, 230]);
  });

  it('call the forward fix that ends a failure rework, and a cancelled one neither good nor bad', () => {
    const figures = deliveryFigures(
      history([
        promotion(5, [0, 0, 10], { state: 'FAILED' }),
        promotion(6, [20, 20, 22]),
        promotion(7, [30, 30, 32], { state: 'CANCELLED' }),
      ]),
      week,
    );
    expect([figures.reworkRate, figures.changeFailRate, hours(figures.recoveryTime?.p50Ms)]).toEqual([
      1, 0.5, 12,
    ]);
  });

  it('know of a failure from before the window that it ended in, and not of one that ended before', () => {
    const before = { state: 'FAILED' as const };
    const { recoveryTime, changeFailRate, openFailures } = deliveryFigures(
      history([
        promotion(2, [-90, -90, -80], before),
        promotion(3, [-70, -70, -60]),
        promotion(4, [-50, -50, -40], before),
        promotion(5, [-5, 4, 5]),
      ]),
      week,
    );
    expect([hours(recoveryTime?.p50Ms), recoveryTime?.count, changeFailRate, openFailures]).toEqual([
      45, 1, 0, 0,
    ]);
  });

  it('are those of the window’s end: what happened afterwards changes nothing', () => {
    const failed = promotion(5, [0, 0, 10], { state: 'FAILED', rolledBackAt: at(300) });
    const later = promotion(6, [250, 250, 260]);
    const then = deliveryFigures(history([failed]), week);
    expect(deliveryFigures(history([failed, later]), week)).toEqual(then);
    expect(then.openFailures).toBe(1);
  });

  it('do not count a commit again when its release is deployed once more', () => {
    const { leadTime } = deliveryFigures(
      history([promotion(5, [0, 0, 1]), promotion(5, [2, 2, 3], { intent: 'REDEPLOY' })], {
        commits: [commit(5, 0)],
      }),
      week,
    );
    expect([leadTime?.count, hours(leadTime?.p50Ms)]).toEqual([1, 1]);
  });
});

describe('quantiles', () => {
  it.each([
    [[7], 7, 7],
    [[10, 20], 15, 19],
    [[10, 1, 5], 5, 9],
  ])('of %j are %d and %d', (values, p50Ms, p90Ms) => {
    expect(quantilesOf(values)).toEqual({ p50Ms, p90Ms, count: values.length });
  });
});
