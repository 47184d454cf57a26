import { describe, expect, it } from 'vitest';
import { labelKv, readLabels } from './labels.ts';

describe('labels', () => {
  it('takes what Kubernetes takes', () => {
    const labels = { env: 'prod', 'example.com/team': 'a_b.c-d', edge: '' };
    expect(readLabels(labels)).toEqual({ labels });
  });

  it('names every problem at once', () => {
    const result = readLabels({ '-x': 'a', ok: 5, 'Up/x': 'y', long: 'v'.repeat(64) });
    expect(result).toMatchObject({
      problems: [
        expect.stringContaining('"-x"'),
        expect.stringContaining('"ok": the value must be a text'),
        expect.stringContaining('before "/"'),
        expect.stringContaining('at most 63'),
      ],
    });
  });

  it.each([null, [], 'env=prod', 5])('refuses %j, which is no object of texts', (value) => {
    expect(readLabels(value)).toHaveProperty('problems');
  });

  it('refuses more labels than the limit', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, 'v']));
    expect(readLabels(many)).toEqual({ problems: [expect.stringContaining('64 is the limit')] });
  });

  it('are indexed by key and by key with value', () => {
    expect(labelKv({ env: 'prod', edge: '' })).toEqual(['edge', 'edge=', 'env', 'env=prod']);
  });
});
