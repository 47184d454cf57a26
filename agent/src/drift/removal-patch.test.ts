import { expect, it } from 'vitest';
import { parsePath } from './field-path.ts';
import { removalPatch } from './removal-patch.ts';

const live = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', resourceVersion: '7', labels: { 'a.b/c': 'x' } },
  spec: { items: [{ name: 'ours' }, { name: 'theirs' }, { name: 'too' }] },
};

it('removes exactly the named fields, the later items of a list first', () => {
  const paths = [
    'spec.items[name=theirs]',
    'metadata.labels["a.b/c"]',
    'spec.items[name=too]',
    'spec.nothing',
  ];
  const patch = removalPatch(
    live,
    paths.map((path) => parsePath(path) ?? []),
  );
  expect(patch[0]).toEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' });
  const removed = patch.slice(1).map((operation) => (operation as { path: string }).path);
  expect(removed.filter((path) => path.startsWith('/spec'))).toEqual(['/spec/items/2', '/spec/items/1']);
  expect(removed).toContain('/metadata/labels/a.b~1c');
  expect(removed).toHaveLength(3);
});
