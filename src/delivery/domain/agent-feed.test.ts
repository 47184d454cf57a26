import { describe, expect, it } from 'vitest';
import { effectiveSince } from './agent-feed.ts';

const hub = { epoch: 'e1', desiredGeneration: 10n };

describe('what an agent is owed', () => {
  it('is what changed since its generation', () => {
    expect(effectiveSince({ since: 7n, epoch: 'e1' }, hub)).toBe(7n);
    expect(effectiveSince({ since: 10n, epoch: undefined }, hub)).toBe(10n);
  });

  it('is everything when it is ahead of the hub, whose database must be an older one', () => {
    expect(effectiveSince({ since: 11n, epoch: 'e1' }, hub)).toBe(0n);
  });

  it('is everything when it knows another database', () => {
    expect(effectiveSince({ since: 7n, epoch: 'e2' }, hub)).toBe(0n);
  });
});
