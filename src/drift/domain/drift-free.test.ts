import { expect, it } from 'vitest';
import { driftFreedom } from './drift-free.ts';

const none = { items: 0, instances: 0, staleItems: 0, oldestAt: null, example: null };
const oldestAt = new Date('2026-05-01T12:00:00Z');
const example = { text: 'Deployment shop/web spec.replicas', cluster: 'eu-1', manager: 'kubectl' };

it('is free where nothing is open', () => {
  expect(driftFreedom(none)).toEqual({ isFree: true, message: 'No open drift.', since: null });
});

it('names how much is open, since when, the oldest with its author, and what is only a last word', () => {
  expect(driftFreedom({ items: 3, instances: 2, staleItems: 1, oldestAt, example })).toEqual({
    isFree: false,
    message:
      '3 open differences on 2 instances, the oldest Deployment shop/web spec.replicas on eu-1 by kubectl; 1 of them on clusters that are not online.',
    since: oldestAt,
  });
});

it('is not free where an agent only counts its drift and lists none', () => {
  expect(driftFreedom({ ...none, instances: 1 })).toMatchObject({
    isFree: false,
    message: 'Drift on 1 instance.',
  });
});

it('does not pretend to know who, where nobody does', () => {
  const { message } = driftFreedom({
    ...none,
    items: 1,
    instances: 1,
    oldestAt,
    example: { ...example, manager: '' },
  });
  expect(message).toContain('by somebody unknown');
});
