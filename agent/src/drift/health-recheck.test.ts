import { expect, it } from 'vitest';
import { podSelector } from './health-recheck.ts';

it("writes a workload's selector as a list's query takes it", () => {
  const selector = {
    matchLabels: { app: 'web', tier: 'front' },
    matchExpressions: [
      { key: 'zone', operator: 'In', values: ['a', 'b'] },
      { key: 'canary', operator: 'DoesNotExist' },
      { key: 'team', operator: 'Exists' },
    ],
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector },
  };
  expect(podSelector(deployment)).toBe('app=web,tier=front,zone in (a,b),!canary,team');
});

it('selects nothing where there is no workload or no selector', () => {
  const spec = { selector: { app: 'web' } };
  expect(podSelector({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec })).toBeUndefined();
  expect(
    podSelector({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job' }, spec: {} }),
  ).toBeUndefined();
});
