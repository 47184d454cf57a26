import { describe, expect, it } from 'vitest';
import { explainInstance, instanceWaits, type InstanceFacts } from './explain-instance.ts';
import { rolloutWaits, type OpenReason, type OpenTargets } from './explain-rollout.ts';
import { explainSlot, slotWaits, type SlotFacts } from './explain-slot.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 2, 3, minute));

const slot: SlotFacts = {
  application: 'shop',
  environment: 'prod',
  automatic: false,
  currentRelease: 4,
  latestRelease: { number: 4, since: at(1) },
  applicationSince: at(0),
};

const instance: InstanceFacts = {
  cluster: 'eu-1',
  connectionState: 'ONLINE',
  lastSeenAt: at(9),
  createdAt: at(0),
  assigned: { release: 4, at: at(2) },
  reported: true,
  sync: 'SYNCED',
  health: 'HEALTHY',
  message: '',
  changedAt: at(3),
  pendingPrune: 0,
  generation: 6,
};

const nothing = { pauseReasons: [], open: [], next: [], checks: [] };

const group = (reason: OpenReason, ...clusters: string[]): OpenTargets => ({
  reason,
  count: clusters.length,
  examples: clusters.slice(0, 3).map((cluster) => ({ cluster, message: '' })),
  since: at(2),
  deadlineAt: at(17),
});

describe('a slot', () => {
  it('waits for nothing when the newest release runs there', () => {
    expect(slotWaits(slot)).toEqual([]);
    expect(explainSlot(slot)).toEqual(['Release 4 of shop runs in prod.']);
  });

  it('says that a person promotes a MANUAL step', () => {
    const waits = slotWaits({ ...slot, latestRelease: { number: 5, since: at(4) } });
    expect(waits).toMatchObject([{ kind: 'PROMOTION', since: at(4) }]);
    expect(waits[0]?.message).toMatch(/Release 5 waits.*MANUAL/);
  });

  it('says that a release was tried and how it ended', () => {
    const lastAttempt = { state: 'FAILED', outcome: 'eu-1 refused Deployment/shop/web.', at: at(5) };
    const waits = slotWaits({ ...slot, latestRelease: { number: 5, since: at(4) }, lastAttempt });
    expect(waits[0]?.message).toMatch(/tried in prod and FAILED: eu-1 refused.*promote it again/);
  });

  it('says that the newest release runs there though it failed, and that one was taken back', () => {
    const failed = { state: 'FAILED', outcome: 'eu-1 refused Deployment/shop/web.', at: at(5) };
    expect(slotWaits({ ...slot, lastAttempt: failed })[0]?.message).toMatch(/tried in prod and FAILED/);
    const succeeded = { state: 'SUCCEEDED', outcome: '', at: at(5) };
    expect(slotWaits({ ...slot, lastAttempt: succeeded })).toEqual([]);
    const left = { ...slot, automatic: true, currentRelease: 3, lastAttempt: succeeded };
    expect(slotWaits(left)[0]?.message).toBe(
      'Release 4 ran in prod and was taken back. A person must promote it again, or a newer release must come.',
    );
  });

  it('does not ask a person to promote what waits already and is about to start', () => {
    const latestRelease = { number: 5, since: at(4) };
    expect(slotWaits({ ...slot, latestRelease, pending: { release: 5, waits: [] } })).toEqual([]);
  });

  it('says that the source is broken even while the last good release runs', () => {
    const waits = slotWaits({
      ...slot,
      sourceError: { message: 'prod/web.yaml line 3: bad indent', since: at(5) },
    });
    expect(waits).toMatchObject([{ kind: 'SOURCE', since: at(5) }]);
  });

  it('says that there is no release yet', () => {
    expect(slotWaits({ ...slot, currentRelease: undefined, latestRelease: undefined })).toMatchObject([
      { kind: 'SOURCE', since: at(0) },
    ]);
  });
});

describe('an instance', () => {
  it('that is synced and healthy has no reason to give', () => {
    expect(instanceWaits(instance)).toEqual([]);
    expect(explainInstance(instance, [])).toEqual(['Release 4 is assigned to eu-1: SYNCED, HEALTHY.']);
  });

  it.each([
    ['OFFLINE', { connectionState: 'STALE' }, /last heard at 2026-01-02T03:09/],
    ['OFFLINE', { connectionState: 'NEVER_CONNECTED', lastSeenAt: undefined }, /never connected/],
    [
      'APPLY',
      { sync: 'FAILED', message: 'Deployment/shop/web: apply: image is required' },
      /image is required/,
    ],
    ['APPLY', { sync: 'OUT_OF_SYNC' }, /has not applied it yet/],
    ['ADOPTION', { sync: 'FAILED', message: 'OWNED_BY_OTHER: Service/shop/web' }, /OWNED_BY_OTHER/],
    [
      'ADOPTION',
      { sync: 'OUT_OF_SYNC', message: 'Service/shop/web: ADOPTION_NEEDED: others own fields' },
      /others own fields/,
    ],
    ['PRUNE', { sync: 'OUT_OF_SYNC', pendingPrune: 3 }, /3 objects.*generation 6/],
    ['HEALTH', { health: 'DEGRADED', message: 'pod web-1: CrashLoopBackOff' }, /DEGRADED: pod web-1/],
    ['SOURCE', { assignmentError: 'label tier is not set' }, /label tier is not set/],
  ] as const)('names %s', (kind, change, message) => {
    const waits = instanceWaits({ ...instance, ...change });
    expect(waits.map((wait) => wait.kind)).toEqual([kind]);
    expect(waits[0]?.message).toMatch(message);
  });
});

describe('a running promotion', () => {
  it('says for each reason how many wait, which, and until when', () => {
    const health = { ...group('HEALTH', 'b'), examples: [{ cluster: 'b', message: '1 of 3 ready' }] };
    const open = [group('APPLY', 'a'), health, group('OFFLINE', 'c')];
    const waits = rolloutWaits({ ...nothing, open });
    expect(waits.map((wait) => wait.kind)).toEqual(['APPLY', 'HEALTH', 'OFFLINE']);
    expect(waits[0]).toMatchObject({ until: at(17) });
    expect(waits[1]?.message).toMatch(/On 1 cluster .*b \(1 of 3 ready\)$/);
    expect(waits[2]).not.toHaveProperty('until');
  });

  it('names three clusters of many', () => {
    const open = [group('APPLY', 'a', 'b', 'c', 'd')];
    expect(rolloutWaits({ ...nothing, open })[0]?.message).toMatch(/On 4 clusters .*a; b; c; …/);
  });

  it('that is paused says why', () => {
    const pause = { kind: 'EMPTY', message: 'The last cluster left.', by: 'fairlead', since: at(1) } as const;
    const facts = { ...nothing, pauseReasons: [pause] };
    expect(rolloutWaits(facts)).toEqual([{ kind: 'PAUSE', message: 'The last cluster left.', since: at(1) }]);
  });
});
