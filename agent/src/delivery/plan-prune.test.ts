import { expect, it } from 'vitest';
import type { Assignment } from '@fairlead/protocol/assignment';
import { resourceId } from '@fairlead/protocol/resource-id';
import type { Place } from './apply-order.ts';
import { inventoryOf, type InventoryEntry } from './inventory.ts';
import { planPrune, type PruneFacts } from './plan-prune.ts';

const entry = (name: string, kind = 'ConfigMap', place: Place = [0, 0, 3]): InventoryEntry => ({
  ref: { apiVersion: 'v1', kind, name },
  place,
  uid: name,
});
const policy = {
  prune: true,
  drift: 'HEAL',
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
  extraObjects: false,
  exceptions: [],
} as const;
const assignment = (more: Partial<Assignment> = {}): PruneFacts['assignment'] => ({
  generation: 7,
  syncPolicy: policy,
  ...more,
});
const plan = (has: InventoryEntry[], wants: string[], more: Partial<PruneFacts> = {}) =>
  planPrune({
    inventory: inventoryOf(has),
    assignment: assignment(),
    isDesired: (_, { ref }) => wants.includes(ref.name),
    isOurs: () => true,
    desiredCount: wants.length,
    ...more,
  });
const names = (stages: readonly (readonly InventoryEntry[])[]) =>
  stages.map((stage) => stage.map(({ ref }) => ref.name));

it('removes what left the bundle, in the reverse order of applying', () => {
  const has = [
    entry('config'),
    entry('web', 'Deployment', [0, 0, 5]),
    entry('late', 'Job', [1, 0, 5]),
    ...['a', 'b', 'c'].map((name) => entry(name)),
  ];
  expect(names(plan(has, ['a', 'b', 'c']).stages)).toEqual([['late'], ['web'], ['config']]);
});

it('forgets what is gone or belongs to others, and does not count it', () => {
  const gone = resourceId(entry('gone').ref);
  const planned = plan([entry('gone'), entry('a')], ['a'], { isOurs: (id) => id !== gone });
  expect(planned).toMatchObject({ stages: [], forget: [gone], held: [], heldBecause: '' });
});

it('holds back an empty render, and one that drops more than the limit', () => {
  expect(plan([entry('a')], []).heldBecause).toMatch(/the bundle is empty/);
  const most = plan([entry('a'), entry('b'), entry('c')], ['a']);
  expect([most.heldBecause, most.held.length, most.stages]).toEqual([
    expect.stringMatching(/2 objects of 3 .* 50 %/),
    2,
    [],
  ]);
  expect(plan([entry('a'), entry('b')], ['a']).held).toEqual([]);
});

it.each(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim'])(
  'holds back the removal of a %s',
  (kind) => {
    const has = ['a', 'b', 'c'].map((name) => entry(name));
    expect(plan([entry('precious', kind), ...has], ['a', 'b', 'c']).heldBecause).toContain(
      `${kind} precious`,
    );
  },
);

it('lets go with an approval of this generation only', () => {
  const approved = (approvedPrune: number) =>
    plan([entry('a')], [], { assignment: assignment({ approvedPrune }) });
  expect([approved(7).held.length, approved(6).held.length]).toEqual([0, 1]);
});

it('removes nothing where the policy says so, and holds nothing either', () => {
  const keeps = assignment({ syncPolicy: { ...policy, prune: false } });
  expect(plan([entry('a')], [], { assignment: keeps })).toMatchObject({ stages: [], held: [], forget: [] });
});
