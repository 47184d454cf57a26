// The three kinds of patches, apart from any server.
import { describe, expect, it } from 'vitest';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

describe('a merge patch', () => {
  it('goes deeper into objects, replaces lists, and removes by null', () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2], keep: true };
    expect(mergePatch(target, { a: { b: null, d: 3 }, list: [9] })).toEqual({
      a: { c: 2, d: 3 },
      list: [9],
      keep: true,
    });
  });
});

describe('a JSON patch', () => {
  const document = { a: { 'x/y': 1 }, list: ['one', 'two'] };

  it('adds, replaces, removes, moves and copies, and leaves the document alone', () => {
    const patched = jsonPatch(document, [
      { op: 'test', path: '/a/x~1y', value: 1 },
      { op: 'add', path: '/list/-', value: 'three' },
      { op: 'add', path: '/list/0', value: 'zero' },
      { op: 'remove', path: '/list/1' },
      { op: 'copy', from: '/list/0', path: '/first' },
      { op: 'move', from: '/a', path: '/b' },
      { op: 'replace', path: '/b/x~1y', value: 2 },
    ]);
    expect(patched).toEqual({ b: { 'x/y': 2 }, list: ['zero', 'two', 'three'], first: 'zero' });
    expect(document).toEqual({ a: { 'x/y': 1 }, list: ['one', 'two'] });
  });

  it.each([
    ['a failed test', { op: 'test', path: '/list/0', value: 'two' }, 422],
    ['an absent path', { op: 'remove', path: '/nope' }, 422],
    ['an index beyond the end', { op: 'add', path: '/list/7', value: 1 }, 422],
    ['an unknown operation', { op: 'swap', path: '/list' }, 400],
  ])('refuses %s', (_, operation, code) => {
    expect(() => jsonPatch(document, [operation])).toThrow(expect.objectContaining({ code }));
  });
});

describe('a strategic merge patch', () => {
  const pod = {
    containers: [
      { name: 'a', image: '1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: '1' },
    ],
  };

  it('merges lists by their merge key', () => {
    const patch = {
      containers: [
        { name: 'a', image: '2' },
        { name: 'c', image: '1' },
      ],
    };
    expect(strategicMergePatch(pod, patch)).toEqual({
      containers: [
        { name: 'a', image: '2', env: [{ name: 'X', value: '1' }] },
        { name: 'b', image: '1' },
        { name: 'c', image: '1' },
      ],
    });
  });

  it('obeys the directives that kubectl sends', () => {
    const target = {
      containers: pod.containers,
      finalizers: ['x', 'y'],
      strategy: { type: 'RollingUpdate', rollingUpdate: {} },
    };
    const patch = {
      '$setElementOrder/containers': [{ name: 'a' }],
      '$deleteFromPrimitiveList/finalizers': ['x'],
      containers: [{ $patch: 'delete', name: 'b' }],
      strategy: { $retainKeys: ['type'], type: 'Recreate' },
    };
    expect(strategicMergePatch(target, patch)).toEqual({
      containers: [pod.containers[0]],
      finalizers: ['y'],
      strategy: { type: 'Recreate' },
    });
  });
});
