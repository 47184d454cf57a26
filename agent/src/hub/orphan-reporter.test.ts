import { MAX_REPORTED_ORPHANS } from '@fairlead/protocol/report';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { OrphanInput } from './generated/operations.ts';
import { HubError } from './hub-error.ts';
import { OrphanReporter } from './orphan-reporter.ts';

const orphan = (instance: string, objects = 1): OrphanInput => ({
  instance,
  application: `app of ${instance}`,
  environment: 'dev',
  objects,
});

const looked = new WeakMap<OrphanInput[], number>();
const looks = (orphans: OrphanInput[]): number => looked.get(orphans) ?? 0;

/** A reporter that runs, what it told in which session, and levers on its surroundings. */
function reporting(orphans: OrphanInput[]) {
  const told: { readonly session: number; readonly instances: readonly string[] }[] = [];
  const hub = { session: 1, answer: (): Promise<boolean> => Promise.resolve(true) };
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const reporter = new OrphanReporter({
    api: {
      reportOrphans: (session, all) => {
        told.push({ session, instances: all.map(({ instance }) => instance) });
        return hub.answer();
      },
    },
    keeper: { use: (call) => call('credential') },
    sessions: {
      session: () => Promise.resolve({ session: hub.session, epoch: 'e', heartbeatIntervalMs: 1 }),
    },
    // What waits after a failure waits no longer than a tick here.
    clock: { ...systemClock, after: (ms, run) => systemClock.after(Math.min(ms, ms > 60_000 ? ms : 1), run) },
    log,
    orphans: () => {
      looked.set(orphans, looks(orphans) + 1);
      return orphans;
    },
  });
  const stop = new AbortController();
  const running = reporter.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  return { reporter, told, hub, instances: () => told.map(({ instances }) => instances) };
}

describe('orphans', () => {
  it('are told once all is known, in a fixed order, and again only where they changed', async () => {
    const orphans = [orphan('b'), orphan('a')];
    const { reporter, instances } = reporting(orphans);
    reporter.look();
    reporter.begin();
    await expect.poll(instances).toEqual([['a', 'b']]);
    orphans.reverse();
    reporter.look();
    await expect.poll(() => looks(orphans)).toBe(2);
    orphans.push(orphan('c'));
    reporter.look();
    await expect.poll(instances).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]);
  });

  it('are not told where there are none, and their end is told', async () => {
    const orphans: OrphanInput[] = [];
    const { reporter, instances } = reporting(orphans);
    reporter.begin();
    await expect.poll(() => looks(orphans)).toBe(1);
    orphans.push(orphan('a'));
    reporter.look();
    await expect.poll(instances).toEqual([['a']]);
    orphans.length = 0;
    reporter.look();
    await expect.poll(instances).toEqual([['a'], []]);
  });

  it('are told again until the hub has taken them, without a ring', async () => {
    const orphans = [orphan('a')];
    const { reporter, hub, instances } = reporting(orphans);
    const answers = [
      () => Promise.reject(new HubError('UNREACHABLE', 'no answer')),
      () => Promise.resolve(false),
      () => Promise.resolve(true),
    ];
    hub.answer = () => (answers.shift() ?? (() => Promise.reject(new Error('told once too often'))))();
    reporter.begin();
    await expect.poll(instances).toEqual([['a'], ['a'], ['a']]);
    orphans.push(orphan('b'));
    hub.answer = () => Promise.resolve(true);
    reporter.look();
    await expect.poll(instances).toEqual([['a'], ['a'], ['a'], ['a', 'b']]);
  });

  it('are told again that were told before, where the hub did not answer what came in between', async () => {
    const orphans = [orphan('a')];
    const { reporter, hub, instances } = reporting(orphans);
    reporter.begin();
    await expect.poll(instances).toEqual([['a']]);
    orphans.push(orphan('b'));
    hub.answer = () => {
      orphans.pop();
      hub.answer = () => Promise.resolve(true);
      return Promise.reject(new HubError('UNREACHABLE', 'the answer was lost'));
    };
    reporter.look();
    await expect.poll(instances).toEqual([['a'], ['a', 'b'], ['a']]);
  });

  it('are told anew in another session, and where the hub may have forgotten them while it was told', async () => {
    const { reporter, told, hub } = reporting([orphan('a')]);
    const answered = Promise.withResolvers<boolean>();
    hub.answer = () => answered.promise;
    reporter.begin();
    await expect.poll(() => told.length).toBe(1);
    reporter.repeat();
    answered.resolve(true);
    await expect.poll(() => told.length).toBe(2);
    hub.session = 2;
    reporter.look();
    await expect.poll(() => told.map(({ session }) => session)).toEqual([1, 1, 2]);
  });

  it('are as many as one message may hold', async () => {
    const { reporter, instances } = reporting(
      Array.from({ length: MAX_REPORTED_ORPHANS + 1 }, (_, n) => orphan(String(n))),
    );
    reporter.begin();
    await expect.poll(() => instances()[0]?.length).toBe(MAX_REPORTED_ORPHANS);
  });
});
