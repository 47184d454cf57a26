import { expect, it } from 'vitest';
import type { AssignedSyncPolicy } from '@fairlead/protocol/assignment';
import type { DesiredObject } from './desired-object.ts';
import { planObject, type LiveFacts, type ObjectFacts, type PlannedStep } from './plan.ts';

const ME = 'me';
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const desired: DesiredObject = {
  id: '/ConfigMap/shop/a',
  ref,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
  digest: 'new',
  place: [0, 0, 3],
  namespaced: true,
  mayRecreate: false,
  runsOnce: false,
  isHook: false,
};
const applied = { ref, place: desired.place, uid: 'u', digest: 'new', owned: 'fields' };
const live: LiveFacts = { instance: ME, owned: 'fields', shape: '1', deleting: false };
const facts = (more: Partial<ObjectFacts> = {}): ObjectFacts => ({
  desired,
  entry: applied,
  live,
  claimedBy: undefined,
  resting: false,
  inspectedShape: undefined,
  ...more,
});
const plan = (more: Partial<ObjectFacts>, policy: Partial<AssignedSyncPolicy> = {}): PlannedStep =>
  planObject(facts(more), ME, { adopt: false, drift: 'HEAL', ignore: [], ...policy });

it('does nothing when what was applied is what is wanted and nobody else wrote it', () => {
  expect(plan({})).toMatchObject({ step: 'KEEP', outcome: 'UNCHANGED' });
});

it('applies a new object without force, since others may own fields of one that is there already', () => {
  expect(plan({ entry: undefined, live: undefined })).toMatchObject({ step: 'APPLY', force: false });
  expect(plan({ entry: undefined, live: undefined }, { adopt: true })).toMatchObject({
    step: 'APPLY',
    force: true,
  });
});

it('applies changed content with force where the object is ours', () => {
  expect(plan({ entry: { ...applied, digest: 'old' } })).toMatchObject({ step: 'APPLY', force: true });
});

it('applies again what a crash left without a record', () => {
  expect(plan({ entry: { ref, place: desired.place } })).toMatchObject({ step: 'APPLY', force: true });
});

it('heals or inspects what someone else wrote or deleted, by policy', () => {
  const changed = { ...live, owned: 'fewer fields' };
  expect([plan({ live: changed }).step, plan({ live: undefined }).step]).toEqual(['HEAL', 'HEAL']);
  const report = { drift: 'REPORT' } as const;
  expect([plan({ live: changed }, report).step, plan({ live: undefined }, report).step]).toEqual([
    'INSPECT',
    'INSPECT',
  ]);
});

it('does not inspect again what has not changed since', () => {
  const changed = { ...live, owned: 'fewer fields' };
  const report = { drift: 'REPORT' } as const;
  expect(plan({ live: changed, inspectedShape: '1' }, report)).toMatchObject({
    step: 'KEEP',
    outcome: 'SKIPPED',
  });
  expect(plan({ live: undefined, inspectedShape: '' }, report)).toMatchObject({
    step: 'KEEP',
    outcome: 'SKIPPED',
  });
  expect(plan({ live: { ...changed, shape: '2' }, inspectedShape: '1' }, report).step).toBe('INSPECT');
});

it('refuses what carries the label of another instance, however it came to it', () => {
  const foreign = { ...live, instance: 'other' };
  expect(plan({ live: foreign, entry: undefined })).toMatchObject({ step: 'REFUSE', owner: 'other' });
  expect(plan({ live: undefined, entry: undefined, claimedBy: 'other' })).toMatchObject({
    step: 'REFUSE',
    owner: 'other',
  });
});

it('adopts once, and does not take back what was taken back', () => {
  const foreign = { ...live, instance: 'other' };
  expect(plan({ live: foreign, entry: undefined }, { adopt: true })).toMatchObject({
    step: 'APPLY',
    force: true,
  });
  expect(plan({ live: foreign }, { adopt: true }).step).toBe('REFUSE');
});

it('believes the label over a claim', () => {
  expect(plan({ claimedBy: 'other' })).toMatchObject({ step: 'KEEP', outcome: 'UNCHANGED' });
});

it('waits while the object is being deleted', () => {
  expect(plan({ live: { ...live, deleting: true } }).step).toBe('WAIT');
});

it('leaves a failed try alone until its time', () => {
  expect(plan({ resting: true, entry: undefined })).toMatchObject({ step: 'KEEP', outcome: 'FAILED' });
});

it('does not run again what ran and went away', () => {
  const once = { ...desired, runsOnce: true };
  expect(plan({ desired: once, live: undefined })).toMatchObject({ step: 'KEEP', outcome: 'SKIPPED' });
  expect(plan({ desired: { ...once, digest: 'newer' }, live: undefined }).step).toBe('APPLY');
});

it("leaves an object's drift alone that an ignore rule covers whole", () => {
  const ignore = [{ kind: 'ConfigMap', name: 'a' }];
  expect(plan({ live: undefined }, { ignore })).toMatchObject({ step: 'KEEP', outcome: 'SKIPPED' });
  expect(plan({ live: undefined }, { ignore: [{ kind: 'ConfigMap', name: 'b' }] }).step).toBe('HEAL');
});
