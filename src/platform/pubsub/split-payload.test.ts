import { describe, expect, it } from 'vitest';
import { splitPayload } from './split-payload.ts';

describe('splitting a message', () => {
  it('leaves a small one alone', () => {
    expect(splitPayload({ instanceIds: ['1', '2'] })).toEqual([{ instanceIds: ['1', '2'] }]);
  });

  it('keeps every part below the limit, every item in order, and what goes with them', () => {
    const clusters = Array.from({ length: 5_000 }, (_, index) => String(10_000_000 + index));
    const parts = splitPayload({ clusters, code: 4472, reason: 'revoked' }, 1_000);
    expect(parts.every((part) => JSON.stringify(part).length <= 1_000)).toBe(true);
    expect(parts.flatMap((part) => part.clusters)).toEqual(clusters);
    expect(parts.every((part) => part.code === 4472 && part.reason === 'revoked')).toBe(true);
  });

  it('does not split what has no list', () => {
    expect(splitPayload({ by: 'x'.repeat(2_000) }, 1_000)).toHaveLength(1);
  });
});
