import { describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import type { Instruction } from './hub-api.ts';
import { HubClock } from './hub-clock.ts';
import { InstructionRunner } from './instruction-runner.ts';
import { KeyPair } from './key-pair.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

const instruction = (id: string, kind: string, expiresInMs: number): Instruction => ({
  id,
  kind,
  instance: 'i',
  payload: {},
  expiresAt: new Date(NOW_MS + expiresInMs).toISOString(),
});

/** A runner whose own clock is that far from the hub's, and what it did. */
function runnerAt(offMs: number, canRemember = true) {
  const did: string[] = [];
  const memory = { doneInstructions: [] as readonly string[] };
  const hubClock = new HubClock({ now: () => NOW_MS + offMs, after: () => () => undefined });
  hubClock.learn(new Date(NOW_MS).toUTCString());
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const runner = new InstructionRunner({
    state: {
      get state() {
        return { ...memory, keyPair: KeyPair.generate(), enrolment: undefined };
      },
      save: ({ doneInstructions = [] }) => {
        if (!canRemember) return Promise.reject(new Error('the Secret cannot be written'));
        memory.doneInstructions = doneInstructions;
        return Promise.resolve();
      },
    },
    hubClock,
    log,
    healNow: (instance) => void did.push(`heal ${instance}`),
    runJob: (id) => {
      did.push(`job ${id}`);
      return Promise.resolve({ state: 'PASSED', message: '' });
    },
    onDone: (id) => void did.push(`done ${id}`),
  });
  return { runner, did };
}

describe('an instruction', () => {
  it.each([0, 3 * DAY_MS, -3 * DAY_MS])(
    'is carried out in time by the hub’s clock, with the own one %d ms off',
    async (offMs) => {
      const { runner, did } = runnerAt(offMs);
      await runner.run([instruction('a', 'heal', 60_000), instruction('b', 'job', 60_000)]);
      await expect.poll(() => did.toSorted()).toEqual(['done a', 'done b', 'heal i', 'job b']);
    },
  );

  it.each([0, 3 * DAY_MS, -3 * DAY_MS])(
    'that comes too late is done with and not carried out, with the own clock %d ms off',
    async (offMs) => {
      const { runner, did } = runnerAt(offMs);
      await runner.run([instruction('a', 'heal', -1_000), instruction('b', 'job', -1_000)]);
      expect(did).toEqual(['done a', 'done b']);
    },
  );

  it('runs once, however often it is sent', async () => {
    const { runner, did } = runnerAt(0);
    const heal = instruction('a', 'heal', 60_000);
    await runner.run([heal]);
    await runner.run([heal]);
    expect(did).toEqual(['heal i', 'done a', 'done a']);
  });

  it('waits where it cannot be noted as done', async () => {
    const { runner, did } = runnerAt(0, false);
    await runner.run([instruction('a', 'heal', 60_000)]);
    expect(did).toEqual([]);
  });
});
