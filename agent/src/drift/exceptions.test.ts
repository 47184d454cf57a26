import { expect, it } from 'vitest';
import { exceptionOf, exceptionsFor } from './exceptions.ts';
import { parsePath } from './field-path.ts';
import { healWishes, isForSomeFields, wishesField, wishesFor } from './heal-wish.ts';

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const exception = (more: object) => ({ id: 'e', until: '2026-01-02T00:00:00Z', ...more });
const field = (path: string, manager?: string) => ({ steps: parsePath(path) ?? [], manager });
const NOW = Date.parse('2026-01-01T00:00:00Z');

it('speaks of an object when all that it names matches, and only until its time', () => {
  const given = [{ objectKind: 'Deployment' }, { name: 'web', namespace: 'other' }, {}].map(exception);
  expect(exceptionsFor(ref, given, NOW)).toEqual([given[0], given[2]]);
  expect(exceptionsFor(ref, given, NOW + 48 * 3_600_000)).toEqual([]);
});

it('accepts exactly the field that it names, by the manager that it names', () => {
  const replicas = [exception({ path: 'spec.replicas', manager: 'kubectl' })];
  expect(exceptionOf(field('spec.replicas', 'kubectl'), replicas)?.id).toBe('e');
  expect(exceptionOf(field('spec.replicas', 'other'), replicas)).toBeUndefined();
  expect(exceptionOf(field('spec.replicasMax', 'kubectl'), replicas)).toBeUndefined();
  expect(exceptionOf(field('', undefined), [exception({})])?.id).toBe('e');
});

it('reads a wish to heal, and none that it does not understand', () => {
  expect(healWishes(null)).toEqual([{}]);
  expect(healWishes({ objectKind: 'Deployment', path: null })).toEqual([{ objectKind: 'Deployment' }]);
  expect(healWishes({ wishes: [{ name: 'a' }, { name: 'b' }] })).toEqual([{ name: 'a' }, { name: 'b' }]);
  const unknown = [{ olderThan: '1h' }, 'all', { type: ['MORE'] }, { wishes: 'all' }, { wishes: [{}, 1] }];
  expect(unknown.map(healWishes).filter((wishes) => wishes !== undefined)).toEqual([]);
});

it('wishes for the fields that it names; additions only where it points at them', () => {
  const replicas = { ...field('spec.replicas', 'kubectl'), type: 'MODIFIED' as const };
  const label = { ...field('metadata.labels.x', 'kubectl'), type: 'EXTRA' as const };
  expect([wishesFor({ name: 'web' }, ref), wishesFor({ name: 'api' }, ref)]).toEqual([true, false]);
  expect([wishesField({}, replicas), wishesField({}, label)]).toEqual([true, false]);
  expect(wishesField({ path: 'metadata.labels.x' }, label)).toBe(true);
  expect(wishesField({ type: ['EXTRA'] }, label)).toBe(true);
  expect(wishesField({ manager: 'other' }, replicas)).toBe(false);
  expect([isForSomeFields({ name: 'web' }), isForSomeFields({ path: 'spec' })]).toEqual([false, true]);
});
