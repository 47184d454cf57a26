import { describe, expect, it } from 'vitest';
import { rollbackTarget, type RollbackFacts } from './admission.ts';

const facts: RollbackFacts = {
  application: 'shop',
  environment: 'prod',
  wanted: undefined,
  wantedRanHere: false,
  lastVerified: 4n,
  slot: { currentReleaseId: 5n, verifiedReleaseId: 4n },
};

describe('a rollback', () => {
  it('returns to the release that was verified here last', () => {
    expect(rollbackTarget(facts)).toBe(4n);
  });

  it('returns to the release that was named, where that ran here', () => {
    expect(rollbackTarget({ ...facts, toRelease: 3, wanted: 3n, wantedRanHere: true })).toBe(3n);
  });

  it('is no way around the gates for a release that never ran here', () => {
    expect(rollbackTarget({ ...facts, toRelease: 6, wanted: 6n })).toMatchObject({ code: 'NEVER_RAN_HERE' });
  });

  it('is refused where nothing runs, where nothing was verified, and where the release runs already', () => {
    const idle = { currentReleaseId: null, verifiedReleaseId: null };
    expect(rollbackTarget({ ...facts, slot: idle })).toMatchObject({ code: 'NOTHING_RUNS' });
    expect(rollbackTarget({ ...facts, lastVerified: undefined })).toMatchObject({
      code: 'NO_ROLLBACK_TARGET',
    });
    const slot = { currentReleaseId: 5n, verifiedReleaseId: 5n };
    expect(rollbackTarget({ ...facts, slot, toRelease: 5, wanted: 5n, wantedRanHere: true })).toMatchObject({
      code: 'ALREADY_CURRENT',
    });
  });
});
