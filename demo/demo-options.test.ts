import { describe, expect, it } from 'vitest';
import { readDemoOptions } from './demo-options.ts';

const plain = { data: undefined, port: undefined, check: false, kube: false, contexts: [] };

describe('the words after npm run demo', () => {
  it('may be none', () => {
    expect(readDemoOptions([])).toEqual(plain);
  });

  it('say what to use, where and how', () => {
    const words = [
      '--check',
      '--kube',
      '--context',
      'kind-a',
      '--context',
      'kind-b',
      '--data',
      'x',
      '--port',
      '9',
    ];
    expect(readDemoOptions(words)).toEqual({
      data: 'x',
      port: 9,
      check: true,
      kube: true,
      contexts: ['kind-a', 'kind-b'],
    });
  });

  it('are explained on request, which is no mistake', () => {
    expect(readDemoOptions(['--help'])).toMatchObject({ isMistake: false });
  });

  it.each([
    [['--chek'], '--chek'],
    [['staging'], 'staging'],
    [['--port', '0'], '"0"'],
    [['--port', 'http'], '"http"'],
    [['--context', 'a', '--context', 'a'], '--context a is given twice'],
  ])('that are wrong (%j) are named, above the right ones', (words, named) => {
    const answer = readDemoOptions(words);
    expect(answer).toMatchObject({ isMistake: true });
    expect(answer).toHaveProperty('advice', expect.stringContaining(named));
    expect(answer).toHaveProperty('advice', expect.stringContaining('Usage: npm run demo'));
  });
});
