import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from './jitter.ts';
import { renewAtMs } from './renewal-time.ts';

const DAY_MS = 86_400_000;
const random = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the time of a renewal', () => {
  it('is between 50 and 75 % of the life', () => {
    const life = { receivedAtMs: 1_000_000, expiresAtMs: 1_000_000 + DAY_MS };
    assert(
      property(random, (chance) => {
        const afterMs = renewAtMs(life, chance) - life.receivedAtMs;
        expect(afterMs).toBeGreaterThanOrEqual(DAY_MS * 0.5);
        expect(afterMs).toBeLessThanOrEqual(DAY_MS * 0.75);
      }),
    );
  });

  it('is not at once where the clocks of hub and agent disagree by more than the life', () => {
    expect(renewAtMs({ receivedAtMs: DAY_MS, expiresAtMs: 0 }, 0)).toBeGreaterThan(DAY_MS + 60_000);
  });
});

describe('the wait before a reconnect', () => {
  it('is anything up to a ceiling that doubles to 20 s', () => {
    const longest = [0, 1, 2, 10].map((failures) => reconnectDelayMs(failures, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 20_000]);
    expect(reconnectDelayMs(10, 0)).toBe(0);
  });
});
