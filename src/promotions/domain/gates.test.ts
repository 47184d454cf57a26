import { describe, expect, it } from 'vitest';
import { unmetGates, upstreamPassed, type GateFacts } from './gates.ts';

const since = new Date('2026-01-02T03:04:05Z');
const open: GateFacts = {
  application: 'shop',
  environment: 'staging',
  release: 4,
  pendingSince: since,
  upstream: [{ environment: 'dev', verified: true, exists: true }],
  clusters: 3,
  renderErrors: [],
};

describe('the gates of a pending promotion', () => {
  it('let it start when upstream is verified, the slot is free and there are clusters', () => {
    expect(unmetGates(open)).toEqual([]);
  });

  it.each([
    ['UPSTREAM', { upstream: [{ environment: 'dev', verified: false, exists: true }] }, /verified in dev/],
    ['SLOT', { holder: { release: 3, since } }, /Release 3 of shop is being rolled out/],
    ['CLUSTERS', { clusters: 0 }, /No accepted cluster matches staging/],
    ['SOURCE', { renderErrors: [{ cluster: 'eu-1', message: 'no label tier' }] }, /eu-1: no label tier/],
  ] as const)('name %s when it does not pass', (kind, change, message) => {
    const waits = unmetGates({ ...open, ...change });
    expect(waits).toHaveLength(1);
    expect(waits[0]).toMatchObject({ kind, since });
    expect(waits[0]?.message).toMatch(message);
  });

  it('list every one that does not pass, not the first alone', () => {
    const closed = {
      ...open,
      clusters: 0,
      holder: { release: 3, since },
      upstream: [{ environment: 'dev', verified: false, exists: true }],
    };
    expect(unmetGates(closed).map((wait) => wait.kind)).toEqual(['UPSTREAM', 'SLOT', 'CLUSTERS']);
  });

  it('do not wait for an environment that was deleted', () => {
    const gone = { ...open, upstream: [{ environment: 'old', verified: false, exists: false }] };
    expect(unmetGates(gone)).toEqual([]);
    expect(upstreamPassed(gone)).toBe(true);
  });
});
