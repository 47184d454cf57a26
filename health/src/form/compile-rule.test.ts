import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule } from './compile-rule.ts';
import type { RuleCase, RuleTest } from './rule-form.ts';

const object = {
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: { name: 'a', generation: 2, labels: { 'shop.example/state': 'packed' } },
  spec: { items: 3, owners: ['x'] },
  status: {
    phase: 'Packing',
    items: 3,
    message: 'two more\n parcels',
    parcels: [
      { id: 1, phase: 'done', conditions: [{ type: 'Sealed', status: 'True' }] },
      {
        id: 2,
        phase: 'open',
        conditions: [{ type: 'Sealed', status: 'False', reason: 'Torn', message: 'a hole' }],
      },
    ],
    byCity: { rome: { state: 1 }, bern: { state: 2 } },
    conditions: [{ type: 'Ready', status: true, reason: 'AllGood', message: 'yes' }],
  },
};

const judge = (...cases: RuleCase[]) => compileRule({ cases }).judge(object);
const holds = (when: RuleTest) => judge({ when, health: 'HEALTHY' }).health === 'HEALTHY';

describe('a declared rule', () => {
  it('takes the first case that holds, with the words of what decided', () => {
    const cases: RuleCase[] = [
      { field: 'status.phase', means: { Lost: 'DEGRADED' } },
      { condition: 'Ready', means: { True: 'HEALTHY' } },
      { field: 'status.phase', means: { Packing: 'PROGRESSING' } },
    ];
    expect(judge(...cases)).toEqual({ health: 'HEALTHY', reason: 'AllGood', message: 'Ready is True: yes' });
  });

  it('is PROGRESSING when no case holds, or what it says otherwise', () => {
    expect(compileRule({ cases: [] }).judge(object).health).toBe('PROGRESSING');
    expect(compileRule({ cases: [], otherwise: 'UNKNOWN' }).judge(object).health).toBe('UNKNOWN');
  });

  it('puts the text of the controller into one line', () => {
    const verdict = judge({ field: 'status.phase', means: { '*': 'PROGRESSING' }, detail: 'status.message' });
    expect(verdict.message).toBe('phase is Packing: two more parcels');
  });

  it('lets a reason that is named decide before the status', () => {
    const verdict = judge({
      condition: 'Ready',
      reasons: { AllGood: 'SUSPENDED' },
      means: { True: 'HEALTHY' },
    });
    expect(verdict.health).toBe('SUSPENDED');
  });

  it.each<[string, RuleTest, boolean]>([
    ['a field of one value', { field: 'status.phase', is: 'Packing' }, true],
    ['a field of several', { field: 'status.phase', is: ['Lost', 'Packing'] }, true],
    ['a number that is no text', { field: 'status.items', is: '3' }, false],
    ['a name with dots', { field: 'metadata.labels["shop.example/state"]', is: 'packed' }, true],
    ['the beginning of a text', { field: 'status.phase', startsWith: 'Pack' }, true],
    ['what is there', { field: 'spec.owners', exists: true }, true],
    ['what is not there', { field: 'spec.owner', exists: false }, true],
    ['a least number', { field: 'status.items', atLeast: 4 }, false],
    ['another field as the least', { field: 'status.items', atLeast: 'spec.items' }, true],
    ['the same as another', { field: 'status.items', sameAs: 'spec.items' }, true],
    ['a condition in JSON booleans', { condition: 'Ready', is: 'True' }, true],
    ['a condition by reason', { condition: 'Ready', reason: 'Other' }, false],
    ['one of a list', { some: 'status.parcels', that: { field: 'phase', is: 'open' } }, true],
    ['all of a list', { every: 'status.parcels', that: { field: 'phase', is: 'open' } }, false],
    ['all of an empty list', { every: 'status.nothing', that: { field: 'phase', exists: false } }, false],
    ['the values of a map', { every: 'status.byCity', that: { field: 'state', atLeast: 1 } }, true],
    ['conditions of an entry', { some: 'status.parcels', that: { condition: 'Sealed', is: 'False' } }, true],
    ['the contrary', { not: { condition: 'Ready', is: 'True' } }, false],
    ['what an object inherits', { field: 'status.constructor', exists: true }, false],
  ])('asks for %s', (_, when, expected) => {
    expect(holds(when)).toBe(expected);
  });

  it('speaks with the words of the part that has a reason', () => {
    const when: RuleTest = {
      all: [
        { field: 'status.items', atLeast: 1 },
        { some: 'status.parcels', that: { condition: 'Sealed', is: 'False' } },
      ],
    };
    expect(judge({ when, health: 'DEGRADED' })).toEqual({
      health: 'DEGRADED',
      reason: 'Torn',
      message: 'Sealed is False: a hole',
    });
  });

  it('is refused with the place where a path cannot be read', () => {
    expect(() => judge({ field: 'status.[x', means: {} })).toThrow(
      'cannot read the path "status.[x" from character 7',
    );
  });

  it('never throws, whatever stands in the fields that it reads', () => {
    const when: RuleTest = {
      any: [
        { some: 'a', that: { every: 'b', that: { field: 'c', atLeast: 'd' } } },
        { condition: 'a', in: 'b.c' },
        { field: 'a.b', sameAs: 'c' },
      ],
    };
    const { judge: ask } = compileRule({ cases: [{ when, health: 'HEALTHY' }] });
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'type', 'status');
    const value = fc.object({ key, maxDepth: 4, withNullPrototype: true });
    fc.assert(
      fc.property(value, (noise) => {
        const verdict = ask({ apiVersion: 'x/v1', kind: 'K', metadata: { name: 'a' }, ...noise });
        expect(['HEALTHY', 'PROGRESSING']).toContain(verdict.health);
      }),
    );
  });
});
