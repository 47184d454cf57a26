import { describe, expect, it } from 'vitest';
import { connectionStateAt } from './connection-state.ts';

const now = new Date('2026-03-01T12:00:00Z');
const thresholds = { staleAfterMs: 90_000, offlineAfterMs: 300_000 };
const heard = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1_000);

describe('the connection state', () => {
  it.each([
    [0, 'ONLINE'],
    [89, 'ONLINE'],
    [90, 'STALE'],
    [299, 'STALE'],
    [300, 'OFFLINE'],
    [-5, 'ONLINE'],
  ])('of an agent heard %i s ago is %s', (secondsAgo, state) => {
    expect(connectionStateAt({ revokedAt: null, lastSeenAt: heard(secondsAgo) }, now, thresholds)).toBe(
      state,
    );
  });

  it('of an agent never heard says so', () => {
    expect(connectionStateAt({ revokedAt: null, lastSeenAt: null }, now, thresholds)).toBe('NEVER_CONNECTED');
  });

  it('of a revoked cluster is REVOKED, however lately it was heard', () => {
    expect(connectionStateAt({ revokedAt: now, lastSeenAt: now }, now, thresholds)).toBe('REVOKED');
  });
});
