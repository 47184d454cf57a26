import { describe, expect, it } from 'vitest';
import { Narrator, StoryFailed } from './narrator.ts';

function listen() {
  const lines: string[] = [];
  const ending = new AbortController();
  return { lines, ending, narrator: new Narrator((line) => lines.push(line), ending.signal) };
}

describe('the narrator', () => {
  it('tells a step in one line, with its time and what happened', async () => {
    const { lines, narrator } = listen();
    await narrator.tell({ what: 'dev-1', deadlineMs: 1_000, work: async () => 'dev-1 is online' });
    expect(lines).toEqual([expect.stringMatching(/^ {2}✓ +0\.\d s {2}dev-1 is online$/)]);
    expect(narrator.tally).toBe('1 passed, 0 failed');
  });

  it('looks until a step is done', async () => {
    const { lines, narrator } = listen();
    let looks = 0;
    await narrator.tell({
      what: 'three looks',
      deadlineMs: 5_000,
      work: (waitFor) =>
        waitFor(async () => (++looks === 3 ? { done: `${looks} looks` } : { waitingOn: 'more looks' })),
    });
    expect(lines).toEqual([expect.stringContaining('3 looks')]);
  });

  it('names what a step still waits on at its deadline, and ends the story', async () => {
    const { lines, narrator } = listen();
    const waiting = narrator.tell({
      what: 'release 1 is in dev',
      deadlineMs: 1,
      work: (waitFor) => waitFor(async () => ({ waitingOn: 'dev-1 is OFFLINE' })),
    });
    await expect(waiting).rejects.toThrow(StoryFailed);
    expect(lines.join()).toMatch(/✗ .* release 1 is in dev: not after 0 s; still dev-1 is OFFLINE/);
    expect(narrator.tally).toBe('0 passed, 1 failed');
  });

  it('leaves a wait at once when the demo ends, and does not call that a failed step', async () => {
    const { lines, ending, narrator } = listen();
    const waiting = narrator.tell({
      what: 'for ever',
      deadlineMs: 60_000,
      work: (waitFor) => waitFor(async () => ({ waitingOn: 'nothing' })),
    });
    ending.abort(new Error('the hub ended'));
    await expect(waiting).rejects.toThrow('the hub ended');
    expect(lines).toEqual([]);
    expect(narrator.tally).toBe('0 passed, 0 failed');
  });
});
