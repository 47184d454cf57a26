import { describe, expect, it } from 'vitest';
import { commitLogArguments, parseCommitLog } from './commit-log.ts';

describe('a log of commits', () => {
  it('is read field by field, whatever a message holds', () => {
    const output = ['a1', 'Ada', 'ada@x', '1767225600', 'one\n\n\x1f body --\n', '\nb2', '', '', '0', ''];
    expect(parseCommitLog(`${output.join('\0')}\0\n`)).toEqual([
      {
        id: 'a1',
        author: 'Ada',
        authorEmail: 'ada@x',
        committedAt: new Date('2026-01-01T00:00:00Z'),
        message: 'one\n\n\x1f body --',
      },
      { id: 'b2', author: '', authorEmail: '', committedAt: new Date(0), message: '' },
    ]);
  });

  it('is empty where nothing was told', () => {
    expect([parseCommitLog(''), parseCommitLog('\n')]).toEqual([[], []]);
  });

  it('takes a range after the end of options', () => {
    expect(commitLogArguments('a', 'b', 5).slice(-3)).toEqual(['--end-of-options', 'a..b', '--']);
  });
});
