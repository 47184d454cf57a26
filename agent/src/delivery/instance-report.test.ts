import { expect, it } from 'vitest';
import { missing, unknown, type HealthVerdict } from '@fairlead/health/health-verdict';
import type { Assignment } from '@fairlead/protocol/assignment';
import type { DesiredObject } from './desired-object.ts';
import { DriftBook } from '../drift/drift-book.ts';
import { parsePath } from '../drift/field-path.ts';
import type { Finding } from '../drift/finding.ts';
import { reportOf, type DatedVerdict } from './instance-report.ts';
import {
  NEW_OBJECT,
  newInstanceState,
  replaceAssignment,
  type InstanceState,
  type ObjectState,
} from './instance-state.ts';
import { nextPassAtMs } from './next-pass.ts';

const assignment: Assignment = {
  instance: 'i',
  application: 'shop',
  environment: 'dev',
  namespace: 'shop',
  release: 3,
  bundle: 'b',
  generation: 7,
  syncPolicy: {
    prune: true,
    drift: 'HEAL',
    ignore: [],
    pruneLimitPercent: 50,
    adopt: false,
    extraObjects: false,
    exceptions: [],
  },
};
const desired = (name: string): DesiredObject => ({
  id: name,
  ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
  digest: 'd',
  place: [0, 0, 3],
  namespaced: true,
  mayRecreate: false,
  runsOnce: false,
  isHook: false,
});
const fine: HealthVerdict = { health: 'HEALTHY', reason: 'Exists', message: 'is there' };

/** An instance of these objects, all applied in the last pass. */
function settled(...names: string[]): InstanceState {
  const objects = names.map(desired);
  const inventory = objects.map(
    ({ id, ref, place }) => [id, { ref, place, uid: 'u', digest: 'd', owned: 'o' }] as const,
  );
  const state = newInstanceState(assignment, new Map(inventory), newBook());
  state.prepared = { key: '', objects, byId: new Map(), unresolved: [], preparedAtMs: 0 };
  state.passed = assignment;
  return state;
}
const newBook = () =>
  new DriftBook(
    () => 0,
    () => undefined,
  );
const changed = (path: string): Finding => ({
  path,
  steps: parsePath(path) ?? [],
  type: 'MODIFIED',
  masked: false,
  attribution: { manager: 'kubectl-edit', managerClass: 'PERSON' },
});
function drifted({ drift }: InstanceState, name: string, findings: readonly Finding[]): void {
  const { id, ref } = desired(name);
  drift.replace(id, 'DECLARED', { ref, findings, healsOf: () => 0 }, () => 'HEALED');
}
const failed = (sync: 'FAILED' | 'SYNCING' | 'OUT_OF_SYNC', message: string): ObjectState => ({
  ...NEW_OBJECT,
  problem: { code: 'INVALID', sync, message, digest: 'd', settled: false },
});

it('is short when all is well', () => {
  expect(reportOf(settled('a', 'b'), () => fine)).toEqual({
    instance: 'i',
    generation: 7,
    bundle: 'b',
    sync: 'SYNCED',
    health: 'HEALTHY',
    message: '',
    driftCount: 0,
    drift: [],
    driftTruncated: false,
    objects: [],
    truncated: false,
    pendingPrune: [],
  });
});

it('is SYNCING and of unknown health before anything was done', () => {
  expect(reportOf(newInstanceState(assignment, new Map(), newBook()), () => fine)).toMatchObject({
    sync: 'SYNCING',
    health: 'UNKNOWN',
  });
});

it('is FAILED when one object was refused, whatever waits besides', () => {
  const state = settled('a', 'b', 'c');
  state.objects.set('a', failed('SYNCING', 'waits'));
  state.objects.set('b', failed('FAILED', 'is refused'));
  const report = reportOf(state, () => fine);
  expect([report.sync, report.message]).toEqual(['FAILED', 'ConfigMap/shop/b: is refused; and 1 more']);
  expect(report.objects.map(({ name, sync }) => [name, sync])).toEqual([
    ['a', 'SYNCING'],
    ['b', 'FAILED'],
  ]);
});

it('says nothing of what went wrong with the assignment before', () => {
  const state = settled('a');
  state.problem = { code: 'REFUSED', sync: 'FAILED', message: 'was refused' };
  state.held = [desired('old').ref];
  state.heldBecause = 'most would go';
  state.objects.set('a', failed('FAILED', 'is refused'));
  replaceAssignment(state, { ...assignment, generation: 8 });
  const next = { generation: 8, sync: 'SYNCING', message: '', pendingPrune: [] };
  expect(reportOf(state, () => fine)).toMatchObject(next);
});

it('says nothing yet of objects that the pass under way has not reached', () => {
  const state = settled('a', 'b');
  replaceAssignment(state, { ...assignment, generation: 8 });
  state.inventory.delete('b');
  const next = { sync: 'SYNCING', health: unknown('', '').health, message: '' };
  expect(reportOf(state, (_ref, id) => (id === 'b' ? 'NOT_WATCHED' : fine))).toMatchObject(next);
  state.objects.set('b', failed('FAILED', 'is refused'));
  expect(reportOf(state, (_ref, id) => (id === 'b' ? 'NOT_WATCHED' : fine)).message).toMatch(/is refused/);
});

it('does not make a new assignment wait for what the one before failed at', () => {
  const state = settled('a');
  state.failures = 20;
  replaceAssignment(state, { ...assignment, generation: 8 });
  state.problem = { code: 'REFUSED', sync: 'FAILED', message: 'is refused for the first time' };
  state.failures += 1;
  // The hub fails a cluster that is refused for 45 seconds, by when it is to have tried again.
  expect(nextPassAtMs(state, { startedMs: 0, nowMs: 0 }, 1)).toBe(30_000);
});

it('is OUT_OF_SYNC while a prune waits for a person', () => {
  const state = settled('a');
  state.held = [desired('old').ref];
  state.heldBecause = 'most would go';
  expect(reportOf(state, () => fine)).toMatchObject({
    sync: 'OUT_OF_SYNC',
    message: 'prune waits for approval: most would go',
    pendingPrune: [{ name: 'old' }],
  });
});

it('counts drift and never lets it change the sync status', () => {
  const state = settled('a', 'b');
  drifted(state, 'a', [changed('data.x'), changed('data.y')]);
  drifted(state, 'b', [changed('')]);
  const report = reportOf(state, () => fine);
  expect(report).toMatchObject({ driftCount: 3, sync: 'SYNCED', message: '', driftTruncated: false });
  expect(report.drift?.map(({ name, path }) => [name, path])).toEqual([
    ['b', undefined],
    ['a', 'data.x'],
    ['a', 'data.y'],
  ]);
});

it('does not count what was accepted, and lists it last', () => {
  const state = settled('a');
  const because = { kind: 'EXCEPTED', id: 'e', untilMs: 1 } as const;
  drifted(state, 'a', [{ ...changed('data.x'), because }, changed('data.y')]);
  const report = reportOf(state, () => fine);
  expect([report.driftCount, report.drift?.map(({ path, excepted }) => [path, excepted])]).toEqual([
    1,
    [
      ['data.y', undefined],
      ['data.x', 'e'],
    ],
  ]);
});

it('names both managers of a contested field', () => {
  const state = settled('a');
  drifted(state, 'a', [{ ...changed('data.x'), because: { kind: 'CONTESTED', untilMs: 1 } }]);
  expect(reportOf(state, () => fine)).toMatchObject({
    message:
      'drift is contested: ConfigMap/shop/a data.x: kubectl-edit takes it back from fairlead again and again, so its healing stopped for now',
    drift: [{ contested: true }],
  });
});

it('stays SYNCED when only the healing of an applied object fails, and says why', () => {
  const state = settled('a');
  const problem = {
    code: 'FORBIDDEN',
    sync: 'FAILED',
    message: 'may not patch',
    digest: 'd',
    settled: true,
  } as const;
  state.objects.set('a', { ...NEW_OBJECT, problem });
  const absent = reportOf(state, () => 'ABSENT');
  expect([absent.sync, absent.objects[0]?.message]).toEqual(['SYNCED', 'may not patch']);
});

it('never shows as healthy what is absent or cannot be watched', () => {
  expect(reportOf(settled('a'), () => 'ABSENT')).toMatchObject({
    health: missing().health,
    objects: [{ health: 'MISSING' }],
  });
  expect(reportOf(settled('a'), () => 'NOT_WATCHED')).toMatchObject({ health: unknown('', '').health });
});

it('names at most 500 objects and says that there are more', () => {
  const state = settled(...Array.from({ length: 501 }, (_, index) => `a${index}`));
  const report = reportOf(state, () => missing());
  expect([report.objects.length, report.truncated]).toEqual([500, true]);
});

it('says in the message since when, and how many others are not healthy', () => {
  const sinceMs = Date.parse('2026-03-01T14:00:00Z');
  const crashing: DatedVerdict = { health: 'DEGRADED', reason: 'Crash', message: 'crashes', sinceMs };
  const { message, objects } = reportOf(settled('a', 'b', 'c'), (_, id) =>
    id === 'b' ? crashing : missing(),
  );
  expect(message).toBe('ConfigMap/shop/a: is not in the cluster; 2 other objects are not healthy');
  expect(objects.map((object) => object.message)).toContain('crashes');
  expect(reportOf(settled('b', 'd'), (_, id) => (id === 'b' ? crashing : fine)).message).toBe(
    'ConfigMap/shop/b: crashes (since 2026-03-01T14:00:00Z)',
  );
});

it('is not held back by a hook, which is listed all the same', () => {
  const state = settled('a', 'migrate');
  const objects = (state.prepared?.objects ?? []).map((object) => ({
    ...object,
    isHook: object.id === 'migrate',
  }));
  state.prepared = { key: '', unresolved: [], preparedAtMs: 0, objects, byId: new Map() };
  const running: DatedVerdict = { health: 'PROGRESSING', reason: 'Running', message: 'runs' };
  const report = reportOf(state, (_, id) => (id === 'migrate' ? running : fine));
  expect([report.health, report.message, report.objects.map(({ name }) => name)]).toEqual([
    'HEALTHY',
    '',
    ['migrate'],
  ]);
});
