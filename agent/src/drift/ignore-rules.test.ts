import { expect, it } from 'vitest';
import { parsePath } from './field-path.ts';
import { ignoresWholeObject, isIgnored, rulesFor } from './ignore-rules.ts';

const steps = (path: string) => parsePath(path) ?? [];

it('matches every member that a rule names', () => {
  const rules = [
    { kind: 'Deployment' },
    { kind: 'Deployment', name: 'api' },
    { namespace: 'shop', apiVersion: 'apps/v1' },
  ];
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  expect(rulesFor(ref, rules)).toEqual([rules[0], rules[2]]);
});

it('covers an object whole only without path and manager', () => {
  expect([{}, { path: 'spec' }, { manager: 'x' }].map((rule) => ignoresWholeObject([rule]))).toEqual([
    true,
    false,
    false,
  ]);
});

it('covers a path and all below it, and no other that merely begins alike', () => {
  const rules = [{ path: 'spec.replicas' }, { path: '/spec/template/metadata' }, { path: 'spec.items[*].x' }];
  const paths = [
    'spec.replicas',
    'spec.replicasMax',
    'spec.template.metadata.labels["a.b"]',
    'spec.items[name=a].x',
    'spec.items[name=a].y',
  ];
  expect(paths.filter((path) => !isIgnored({ steps: steps(path) }, rules))).toEqual([
    'spec.replicasMax',
    'spec.items[name=a].y',
  ]);
});

it('covers all that one manager writes where it names no path', () => {
  const rules = [{ manager: 'vault-injector' }];
  expect(isIgnored({ steps: steps('spec.x'), manager: 'vault-injector' }, rules)).toBe(true);
  expect(isIgnored({ steps: steps('spec.x') }, rules)).toBe(false);
});

it('covers nothing with a path that cannot be read', () => {
  expect(isIgnored({ steps: steps('spec.x') }, [{ path: 'spec[' }])).toBe(false);
});
