import type { ReportedDrift } from '@fairlead/protocol/drift';
import { describe, expect, it } from 'vitest';
import { clockShiftMs, toDriftEntry } from './drift-report.ts';

const receivedAt = new Date('2026-05-01T12:00:00.000Z');
const secondsBefore = (seconds: number) => new Date(receivedAt.getTime() - seconds * 1_000);
const reported = (change: Partial<ReportedDrift> = {}): ReportedDrift => ({
  episode: 'e1',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  path: 'spec.replicas',
  type: 'MODIFIED',
  desired: '3',
  live: '1',
  masked: false,
  manager: 'kubectl',
  managerClass: 'PERSON',
  firstSeenAt: secondsBefore(60).toISOString(),
  healedCount: 0,
  contested: false,
  ...change,
});
const entryOf = (drift: ReportedDrift, sentAt = receivedAt) =>
  toDriftEntry([drift], false, { sentAt, receivedAt });

describe('the clock of an agent', () => {
  it('is believed where it is off by no more than a message may take, and where it is not told', () => {
    expect(clockShiftMs(secondsBefore(2), receivedAt)).toBe(0);
    expect(clockShiftMs(secondsBefore(-2), receivedAt)).toBe(0);
    expect(clockShiftMs(undefined, receivedAt)).toBe(0);
  });

  it('is put right by whole seconds, ahead or behind', () => {
    expect(clockShiftMs(new Date(receivedAt.getTime() - 3_600_400), receivedAt)).toBe(3_600_000);
    expect(clockShiftMs(secondsBefore(-90), receivedAt)).toBe(-90_000);
  });
});

describe('drift as it is taken in', () => {
  it('keeps how long ago things were when the clock is an hour behind', () => {
    const { open } = entryOf(
      reported({ firstSeenAt: secondsBefore(3_660).toISOString() }),
      secondsBefore(3_600),
    );
    expect(open[0]?.firstSeenAt).toEqual(secondsBefore(60));
  });

  it('is never later than its arrival, and never ends before it began', () => {
    const { closed } = entryOf(
      reported({
        firstSeenAt: secondsBefore(-5).toISOString(),
        closedAt: secondsBefore(30).toISOString(),
        closedBy: 'HEALED',
      }),
    );
    expect(closed).toMatchObject([{ firstSeenAt: receivedAt, closedAt: receivedAt, closedBy: 'HEALED' }]);
  });

  it('loses the values that are marked as secret', () => {
    const [open] = entryOf(reported({ masked: true, desired: '"a"', live: '"b"' })).open;
    expect(open).toMatchObject({ masked: true, desired: null, live: null });
  });

  it('is fit to store: no NUL, and no endless value', () => {
    const [open] = entryOf(reported({ live: `a\0${'x'.repeat(20_000)}` })).open;
    expect(open?.live).toHaveLength(8_001);
    expect(open?.live?.startsWith('axx')).toBe(true);
  });
});
