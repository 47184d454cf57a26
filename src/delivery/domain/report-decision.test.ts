import { describe, expect, it } from 'vitest';
import {
  decideReport,
  type EntryFacts,
  type ReportedInstance,
  type StoredReport,
} from './report-decision.ts';

const instance: ReportedInstance = {
  generation: 5n,
  bundleDigest: 'b5',
  releaseNumber: 2,
  tombstoned: false,
  currentSession: 3n,
};
const entry: EntryFacts = {
  session: 3n,
  sequence: 10n,
  generation: 5n,
  bundleDigest: 'b5',
  sync: 'SYNCED',
  health: 'HEALTHY',
  driftCount: 0,
  contentHash: 'h',
};
const stored: StoredReport = { ...entry, sequence: 9n, releaseNumber: 2 };

describe('a report entry', () => {
  it('is accepted when it is the first', () => {
    expect(decideReport(entry, instance, undefined)).toMatchObject({
      verdict: 'ACCEPTED',
      sync: 'SYNCED',
      releaseNumber: 2,
      visible: true,
    });
  });

  it('of an older generation never shows SYNCED, and the release that ran before stays', () => {
    const before = { ...stored, sync: 'OUT_OF_SYNC', releaseNumber: 1 } as const;
    const decision = decideReport({ ...entry, generation: 4n, bundleDigest: 'b4' }, instance, before);
    expect(decision).toMatchObject({ verdict: 'ACCEPTED', sync: 'OUT_OF_SYNC', releaseNumber: 1 });
  });

  it('with the right generation and another bundle is no evidence', () => {
    expect(decideReport({ ...entry, bundleDigest: 'other' }, instance, undefined).sync).toBe('OUT_OF_SYNC');
  });

  it.each([
    ['an older session', { session: 2n, sequence: 99n }],
    ['a session that this hub never gave', { session: 4n }],
    ['an older sequence', { sequence: 8n }],
  ])('is stale when it is of %s', (_, change) => {
    expect(decideReport({ ...entry, ...change, contentHash: 'new' }, instance, stored).verdict).toBe('STALE');
  });

  it.each([
    ['is being removed', { tombstoned: true }],
    ['has nothing assigned', { generation: 0n, bundleDigest: null }],
  ])('is stale when its instance %s', (_, change) => {
    expect(decideReport(entry, { ...instance, ...change }, undefined).verdict).toBe('STALE');
  });

  it('that says the same again changes nothing but its place in the session', () => {
    expect(decideReport(entry, instance, stored)).toMatchObject({ verdict: 'UNCHANGED', onlyPosition: true });
    const reconnected = { ...stored, session: 2n };
    expect(decideReport(entry, instance, reconnected)).toMatchObject({
      verdict: 'UNCHANGED',
      onlyPosition: false,
    });
  });

  it('that is the very message that is stored, sent again because the answer was lost, is unchanged', () => {
    expect(decideReport({ ...entry, sequence: 9n }, instance, stored)).toMatchObject({
      verdict: 'UNCHANGED',
      onlyPosition: false,
    });
  });

  it('that differs only in words is stored, but wakes no subscriber', () => {
    expect(decideReport({ ...entry, contentHash: 'words' }, instance, stored)).toMatchObject({
      verdict: 'ACCEPTED',
      visible: false,
    });
  });

  it('that moves health or drift is visible', () => {
    const degraded = decideReport({ ...entry, contentHash: 'x', health: 'DEGRADED' }, instance, stored);
    const drifted = decideReport({ ...entry, contentHash: 'y', driftCount: 1 }, instance, stored);
    expect([degraded.visible, drifted.visible]).toEqual([true, true]);
  });

  it('after an assignment says SYNCED again with the same content, and that counts', () => {
    const waiting = { ...stored, sync: 'OUT_OF_SYNC' } as const;
    expect(decideReport(entry, instance, waiting)).toMatchObject({
      verdict: 'ACCEPTED',
      sync: 'SYNCED',
      visible: true,
    });
  });
});
