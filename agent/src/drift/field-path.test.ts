import { expect, it } from 'vitest';
import type { Json } from '@fairlead/protocol/kubernetes-object';
import { memberPath, parsePath, withoutPath } from './field-path.ts';

const without = (value: Json, path: string) => withoutPath(value, parsePath(path) ?? []);
const pod = {
  spec: {
    containers: [
      { name: 'web', image: 'a', tty: true },
      { name: 'log', image: 'b' },
    ],
    paused: true,
  },
};

it.each([
  ['spec.paused', { spec: { containers: pod.spec.containers } }],
  ['/spec/paused', { spec: { containers: pod.spec.containers } }],
  ['spec.containers[name=log]', { spec: { containers: [pod.spec.containers[0]], paused: true } }],
  [
    'spec.containers[name=web].tty',
    { spec: { containers: [{ name: 'web', image: 'a' }, pod.spec.containers[1]], paused: true } },
  ],
  [
    'spec.containers[0].tty',
    { spec: { containers: [{ name: 'web', image: 'a' }, pod.spec.containers[1]], paused: true } },
  ],
  [
    'spec.containers[*].image',
    { spec: { containers: [{ name: 'web', tty: true }, { name: 'log' }], paused: true } },
  ],
  ['spec.nothing.here', pod],
])('leaves out %s and nothing else', (path, expected) => {
  expect(without(pod, path)).toEqual(expected);
});

it('names members with dots so that the name is read back', () => {
  const path = memberPath(memberPath('', 'metadata'), 'a.b/c');
  expect(path).toBe('metadata["a.b/c"]');
  expect(without({ metadata: { 'a.b/c': '1', d: '2' } }, path)).toEqual({ metadata: { d: '2' } });
});

it('does not guess what a malformed path means', () => {
  expect(parsePath('spec[')).toBeUndefined();
});
