import { describe, expect, it } from 'vitest';
import { isNewRelease, type ReleaseComparison } from './release-decision.ts';
import type { RenderedInput } from './release.ts';

const row = (inputsDigest: string, bundleDigest: string, environmentId = 1n): RenderedInput => ({
  environmentId,
  inputsDigest,
  closureDigest: `closure of ${bundleDigest}`,
  bundleDigest,
});

function decide(change: Partial<ReleaseComparison>): boolean {
  return isNewRelease({
    latest: [row('i', 'A')],
    current: [row('i', 'A')],
    sameTemplates: true,
    late: new Set(),
    ...change,
  });
}

describe('a release', () => {
  it('is made for the first render, and not for none', () => {
    expect(decide({ latest: undefined })).toBe(true);
    expect(decide({ latest: undefined, current: [] })).toBe(false);
  });

  it('is made when a bundle differs, and not when all are the same', () => {
    expect(decide({ current: [row('i', 'B')] })).toBe(true);
    expect(decide({})).toBe(false);
  });

  it('is not made for a cluster that joined, nor for one that left', () => {
    expect(decide({ current: [row('i', 'A'), row('new', 'B')], late: new Set(['new']) })).toBe(false);
    expect(decide({ latest: [row('i', 'A'), row('gone', 'B')] })).toBe(false);
  });

  it('is made when inputs are new and the pinned commit would render them differently', () => {
    expect(decide({ current: [row('i', 'A'), row('new', 'B')] })).toBe(true);
  });

  it('is made for a rewritten path only when it leads to something else', () => {
    expect(decide({ sameTemplates: false, current: [row('moved', 'A')] })).toBe(false);
    expect(decide({ sameTemplates: false, current: [row('moved', 'B')] })).toBe(true);
  });

  it('is not made because the policy has another environment', () => {
    expect(decide({ sameTemplates: false, current: [row('i', 'A'), row('j', 'B', 2n)] })).toBe(false);
  });
});
