import { describe, expect, it } from 'vitest';
import { matchesActivity } from './activity-filter.ts';

const event = {
  kind: 'release.created',
  at: new Date('2026-01-01T00:00:00Z'),
  application: 'shop',
  environment: 'dev',
  cluster: 'eu-1',
  promotionId: 7n,
};

describe('the filter of activity', () => {
  it('lets everything through when it is empty', () => {
    expect(matchesActivity({}, event)).toBe(true);
  });

  it.each([
    { kinds: ['release.created', 'x'] },
    { application: 'shop', environment: 'dev' },
    { cluster: 'eu-1', promotionId: 7n },
    { since: event.at },
  ])('lets through what matches %o', (filter) => {
    expect(matchesActivity(filter, event)).toBe(true);
  });

  it.each([
    { kinds: [] },
    { kinds: ['cluster.joined'] },
    { application: 'shop', environment: 'prod' },
    { cluster: 'eu-2' },
    { promotionId: 8n },
    { since: new Date('2026-01-01T00:00:01Z') },
  ])('keeps back what does not match %o', (filter) => {
    expect(matchesActivity(filter, event)).toBe(false);
  });
});
