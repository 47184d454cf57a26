import { describe, expect, it } from 'vitest';
import type { ClosedDrift, OpenDrift } from '../../delivery/domain/drift-report.ts';
import { planDrift, type StoredItem } from './plan-drift.ts';

const receivedAt = new Date('2026-05-01T12:00:00Z');
const facts = { receivedAt, isOtherBundle: false };
const open = (episode: string, change: Partial<OpenDrift> = {}): OpenDrift => ({
  episode,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  path: 'spec.replicas',
  type: 'MODIFIED',
  desired: '3',
  live: '1',
  masked: false,
  manager: 'kubectl',
  managerClass: 'PERSON',
  operation: 'Update',
  subresource: '',
  changedAt: null,
  firstSeenAt: new Date('2026-05-01T11:59:00Z'),
  healedCount: 0,
  contested: false,
  excepted: null,
  ...change,
});
const closed = (episode: string, change: Partial<ClosedDrift> = {}): ClosedDrift => ({
  ...open(episode),
  closedAt: new Date('2026-05-01T11:59:30Z'),
  closedBy: 'HEALED',
  healedCount: 1,
  ...change,
});
const stored = (episode: string, contested = false): StoredItem => ({ id: 7n, episode, contested });
const entry = (lists: {
  open?: readonly OpenDrift[];
  closed?: readonly ClosedDrift[];
  truncated?: boolean;
}) => ({ open: [], closed: [], truncated: false, ...lists });
const episodes = (drift: readonly { readonly episode: string }[]) => drift.map(({ episode }) => episode);

describe('a report of drift', () => {
  it('opens what is not known, and keeps what is', () => {
    const plan = planDrift(entry({ open: [open('new'), open('known')] }), [stored('known')], facts);
    expect(episodes(plan.open)).toEqual(['new', 'known']);
    expect(episodes(plan.opened)).toEqual(['new']);
    expect(plan.ended).toEqual([]);
  });

  it('ends what is known as the agent says', () => {
    const plan = planDrift(entry({ closed: [closed('known')] }), [stored('known')], facts);
    expect(plan.ended).toEqual([
      { id: 7n, closedAt: new Date('2026-05-01T11:59:30Z'), closedBy: 'HEALED', healedCount: 1 },
    ]);
    expect(plan.passed).toEqual([]);
  });

  it('keeps as history what began and ended between two reports, once', () => {
    const plan = planDrift(entry({ closed: [closed('short'), closed('short')] }), [], facts);
    expect(episodes(plan.passed)).toEqual(['short']);
    expect(plan.ended).toEqual([]);
  });

  it('ends what a whole list does not hold any more: by another bundle, or by somebody', () => {
    const end = (isOtherBundle: boolean) =>
      planDrift(entry({}), [stored('lost')], { receivedAt, isOtherBundle }).ended;
    expect(end(false)).toEqual([{ id: 7n, closedAt: receivedAt, closedBy: 'REVERTED' }]);
    expect(end(true)).toEqual([{ id: 7n, closedAt: receivedAt, closedBy: 'RELEASED' }]);
  });

  it('ends nothing because a truncated list does not hold it', () => {
    expect(planDrift(entry({ truncated: true }), [stored('perhaps')], facts).ended).toEqual([]);
  });

  it('believes the end where one episode is both open and closed', () => {
    const plan = planDrift(entry({ open: [open('a')], closed: [closed('a')] }), [stored('a')], facts);
    expect([plan.open, plan.passed, plan.ended.length]).toEqual([[], [], 1]);
  });

  it('tells of a contest once, when it begins', () => {
    const contest = (items: readonly StoredItem[]) =>
      episodes(planDrift(entry({ open: [open('a', { contested: true })] }), items, facts).contested);
    expect(contest([stored('a')])).toEqual(['a']);
    expect(contest([])).toEqual(['a']);
    expect(contest([stored('a', true)])).toEqual([]);
  });
});
