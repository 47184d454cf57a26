import { expect, it } from 'vitest';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { DriftBook } from './drift-book.ts';
import { parsePath } from './field-path.ts';
import type { Finding } from './finding.ts';

const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const ID = '/ConfigMap/shop/a';
const finding = (path: string, more: Partial<Finding> = {}): Finding => ({
  path,
  steps: parsePath(path) ?? [],
  type: 'MODIFIED',
  desired: '"1"',
  live: '"2"',
  masked: false,
  attribution: { manager: 'kubectl-edit', managerClass: 'PERSON' },
  ...more,
});
const on = (...findings: Finding[]) => ({ ref, findings, healsOf: () => 0 });
const newBook = (restored: readonly ReportedDrift[] = []) => {
  const closed: ReportedDrift[] = [];
  const book = new DriftBook(
    () => 1_000,
    (episode) => closed.push(episode),
    restored,
  );
  return { book, closed };
};

it('keeps the episode of a difference while it is open, whatever becomes of its value', () => {
  const { book, closed } = newBook();
  book.replace(ID, 'DECLARED', on(finding('data.a')), () => 'REVERTED');
  const [first] = book.reported().drift;
  book.replace(ID, 'DECLARED', on(finding('data.a', { live: '"3"' })), () => 'REVERTED');
  expect(book.reported().drift).toEqual([{ ...first, live: '"3"' }]);
  expect(closed).toEqual([]);
});

it('closes what is not found any more, in the way the caller says, and begins anew afterwards', () => {
  const { book, closed } = newBook();
  book.replace(ID, 'DECLARED', on(finding('data.a'), finding('data.b')), () => 'REVERTED');
  const [a] = book.reported().drift;
  book.replace(ID, 'DECLARED', on(finding('data.b')), () => 'REVERTED');
  expect(closed).toEqual([{ ...a, closedBy: 'REVERTED', closedAt: '1970-01-01T00:00:01.000Z' }]);
  book.replace(ID, 'DECLARED', on(finding('data.a')), () => 'REVERTED');
  expect(book.reported().drift[0]?.episode).not.toBe(a?.episode);
});

it('tells what was healed at once as an episode of its own, and counts the healing', () => {
  const { book, closed } = newBook();
  book.healed(ID, on(finding('data.a')));
  expect(closed).toMatchObject([{ path: 'data.a', closedBy: 'HEALED', healedCount: 1 }]);
  expect([book.count, book.ids()]).toEqual([0, []]);
});

it('keeps what Git sets and what others added apart', () => {
  const { book } = newBook();
  book.replace(ID, 'DECLARED', on(finding('data.a')), () => 'REVERTED');
  book.replace(ID, 'ADDED', on(finding('data.more', { type: 'EXTRA' })), () => 'REVERTED');
  book.replace(ID, 'DECLARED', on(), () => 'REVERTED');
  expect(book.reported().drift.map(({ path }) => path)).toEqual(['data.more']);
});

it('lists whole objects and contests before fields, additions after them, and accepted ones last', () => {
  const { book } = newBook();
  const findings = [
    finding('data.accepted', { because: { kind: 'EXCEPTED', id: 'e', untilMs: 9 } }),
    finding('data.extra', { type: 'EXTRA' }),
    finding('data.field'),
    finding('data.contested', { because: { kind: 'CONTESTED', untilMs: 9 } }),
    finding('', { type: 'MISSING' }),
  ];
  book.replace(ID, 'DECLARED', on(...findings), () => 'REVERTED');
  expect(book.reported().drift.map(({ path }) => path)).toEqual([
    undefined,
    'data.contested',
    'data.field',
    'data.extra',
    'data.accepted',
  ]);
  expect(book.count).toBe(4);
});

it('takes up what an earlier life had told, and tells it in the same words', () => {
  const { book } = newBook();
  book.replace(ID, 'DECLARED', on(finding('data.a'), finding('', { type: 'MISSING' })), () => 'REVERTED');
  const told = book.reported().drift;
  expect(newBook(told).book.reported().drift).toEqual(told);
});
