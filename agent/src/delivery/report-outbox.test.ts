import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { InstanceReport } from '@fairlead/protocol/report';
import { systemClock } from '../clock.ts';
import { ReportOutbox } from './report-outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An outbox over one instance that looks as the test says. */
function newOutbox() {
  let state: InstanceReport = {
    instance: 'i',
    generation: 1,
    bundle: 'b',
    sync: 'SYNCING',
    health: 'UNKNOWN',
    message: '',
    driftCount: 0,
    objects: [],
    truncated: false,
    pendingPrune: [],
  };
  const outbox = new ReportOutbox(systemClock, () => state);
  const told: string[] = [];
  outbox.listen(({ sync, health, generation }) => told.push(`${generation} ${sync} ${health}`));
  const become = (change: Partial<InstanceReport>): void => {
    state = { ...state, ...change };
    outbox.mark('i');
    vi.advanceTimersByTime(20);
  };
  become({});
  return { outbox, told, become };
}

it('tells what came of a pass at once, and its steps once a second', () => {
  const { told, become } = newOutbox();
  for (const health of ['MISSING', 'PROGRESSING', 'MISSING'] as const) become({ health });
  expect(told).toEqual(['1 SYNCING UNKNOWN']);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(['1 SYNCING UNKNOWN', '1 SYNCING MISSING']);
  become({ health: 'PROGRESSING' });
  become({ sync: 'SYNCED', health: 'HEALTHY' });
  expect(told.slice(2)).toEqual(['1 SYNCED HEALTHY']);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(3);
});

it('tells the first step of every release and every failure at once', () => {
  const { told, become } = newOutbox();
  become({ generation: 2 });
  become({ sync: 'FAILED' });
  become({ sync: 'SYNCING' });
  expect(told.slice(1)).toEqual(['2 SYNCING UNKNOWN', '2 FAILED UNKNOWN', '2 SYNCING UNKNOWN']);
});

it('waits for no clock that was put back', () => {
  const { told, become } = newOutbox();
  vi.setSystemTime(Date.now() - 3_600_000);
  become({ health: 'MISSING' });
  expect(told).toEqual(['1 SYNCING UNKNOWN', '1 SYNCING MISSING']);
});

it('forgets an instance with what was still to be told of it', () => {
  const { outbox, told, become } = newOutbox();
  become({ health: 'MISSING' });
  outbox.forget('i');
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(1);
});
