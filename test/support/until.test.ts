// until is what every other test waits with, so its own promises are tested.
import { describe, expect, it } from 'vitest';
import { Hopeless, until } from './until.ts';

describe('until', () => {
  it('gives the first truthy value', async () => {
    const values = [undefined, 0, 'ready', 'later'];
    expect(await until('a value', () => values.shift())).toBe('ready');
  });

  it('names what it waited for and the last value it saw', async () => {
    const waiting = until('three replicas', () => ({ replicas: 2 }).replicas === 3, { timeoutMs: 60 });
    await expect(waiting).rejects.toThrow(/waited 60 ms for three replicas; last value: false/);
  });

  it('takes a throwing condition as not yet true, and tells its last error', async () => {
    let looks = 0;
    const refuse = () => {
      looks += 1;
      throw new Error('connection refused');
    };
    await expect(until('an answer', refuse, { timeoutMs: 80 })).rejects.toThrow(
      /last error: connection refused/,
    );
    expect(looks).toBeGreaterThan(1);
  });

  it('does not wait for a condition that never answers', async () => {
    const silence = new Promise<boolean>(() => {});
    await expect(until('an answer', () => silence, { timeoutMs: 60 })).rejects.toThrow(/never answered/);
  });

  it('ends at once when the condition says that there is no hope', async () => {
    const hopeless = () => {
      throw new Hopeless('the process has exited');
    };
    await expect(until('a server', hopeless, { timeoutMs: 60_000 })).rejects.toThrow(
      'the process has exited',
    );
  });
});
