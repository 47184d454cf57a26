import { type Health, healthiestToWorst } from '@fairlead/protocol/health';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ObjectHealth, worstHealth } from './worst-health.ts';

function object(name: string, health: Health, message = 'words'): ObjectHealth {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name,
    health,
    reason: 'Reason',
    message,
  };
}

describe('worstHealth', () => {
  it('is healthy without objects, and says that there are none', () => {
    expect(worstHealth([])).toEqual({
      health: 'HEALTHY',
      reason: 'NoObjects',
      message: 'there are no objects to judge',
      others: 0,
    });
  });

  it('is healthy when all are', () => {
    const { health, message } = worstHealth([object('a', 'HEALTHY'), object('b', 'HEALTHY')]);
    expect([health, message]).toEqual(['HEALTHY', 'all 2 objects are healthy']);
  });

  it('has the message of the object that decides and the count of the others', () => {
    const objects = [
      object('a', 'PROGRESSING', '2 of 5 updated'),
      object('b', 'HEALTHY'),
      object('c', 'DEGRADED', 'made no progress within its deadline'),
      object('d', 'SUSPENDED'),
    ];
    expect(worstHealth(objects)).toEqual({
      health: 'DEGRADED',
      reason: 'Reason',
      message: 'Deployment/shop/c: made no progress within its deadline; 2 other objects are not healthy',
      deciding: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'c' },
      others: 2,
    });
  });

  it('asks again when the first grace of any object runs out', () => {
    const waiting = [40, 20, 30].map((recheckAtMs, i) => ({
      ...object(`w${i}`, 'PROGRESSING'),
      recheckAtMs,
    }));
    expect(worstHealth([...waiting, object('a', 'DEGRADED')]).recheckAtMs).toBe(20);
  });

  it('says since when the object that decides is what it is', () => {
    const objects = [
      { ...object('a', 'PROGRESSING'), sinceMs: 10 },
      { ...object('b', 'DEGRADED'), sinceMs: 20 },
    ];
    expect(worstHealth(objects).sinceMs).toBe(20);
  });

  it('says in its message since when, as a moment that does not tick', () => {
    const sinceMs = Date.parse('2026-03-01T14:00:00.123Z');
    const objects = [{ ...object('a', 'DEGRADED'), sinceMs }, object('b', 'PROGRESSING')];
    expect(worstHealth(objects).message).toBe(
      'Deployment/shop/a: words (since 2026-03-01T14:00:00Z); 1 other object is not healthy',
    );
  });

  it('is not held back by a hook', () => {
    const hook = { ...object('migrate', 'PROGRESSING'), isHook: true };
    expect(worstHealth([object('a', 'HEALTHY'), hook])).toMatchObject({
      health: 'HEALTHY',
      message: 'its one object is healthy',
    });
  });

  it.each(healthiestToWorst.filter((health) => health !== 'HEALTHY'))(
    'is never green with one %s',
    (health) => {
      expect(worstHealth([object('a', 'HEALTHY'), object('b', health)]).health).toBe(health);
    },
  );

  it('does not depend on the order of the objects', () => {
    const some = fc.uniqueArray(
      fc.record({ name: fc.string(), health: fc.constantFrom(...healthiestToWorst) }),
      {
        selector: ({ name }) => name,
      },
    );
    fc.assert(
      fc.property(some, (list) => {
        const objects = list.map(({ name, health }) => object(name, health));
        expect(worstHealth(objects.toReversed())).toEqual(worstHealth(objects));
      }),
    );
  });
});
