import { describe, expect, it } from 'vitest';
import { sameSteps, upstreamOf, type PolicyStep } from './policy.ts';
import { policyProblems } from './policy-problems.ts';

const step = (environment: string, change: Partial<PolicyStep> = {}): PolicyStep => ({
  environment,
  trigger: 'MANUAL',
  after: null,
  progressDeadlineMs: 900_000,
  ...change,
});

describe('the steps of a policy', () => {
  it('are good in a row, and as a fan', () => {
    expect(policyProblems([step('dev'), step('staging'), step('prod')], [])).toEqual([]);
    const fan = [step('dev'), step('eu', { after: ['dev'] }), step('us', { after: ['dev'] })];
    expect(policyProblems(fan, [])).toEqual([]);
  });

  it('wait for the step before them unless they say otherwise', () => {
    const steps = [step('dev'), step('staging'), step('prod', { after: [] })];
    expect(steps.map((_, index) => upstreamOf(steps, index))).toEqual([[], ['dev'], []]);
  });

  it('have all their problems named at once', () => {
    const steps = [
      step('dev'),
      step('dev'),
      step('x'),
      step('prod', { after: ['nowhere'], progressDeadlineMs: 0 }),
    ];
    expect(policyProblems(steps, ['x'])).toEqual([
      'Environment "x" does not exist: save it first.',
      'Environment "dev" has more than one step.',
      'Step "prod": after names "nowhere", which is no step of this policy.',
      'The steps wait for each other: dev after dev.',
      'Step "prod": progressDeadline must be longer than 0s.',
    ]);
  });

  it('must not wait for each other', () => {
    const steps = [step('a', { after: ['c'] }), step('b'), step('c'), step('d', { after: [] })];
    expect(policyProblems(steps, [])).toEqual(['The steps wait for each other: a after c after b after a.']);
  });

  it('must exist', () => expect(policyProblems([], [])).toEqual(['A policy needs at least one step.']));

  it('are the same only when nothing differs', () => {
    const before = [step('dev'), step('prod', { after: ['dev'] })];
    expect(sameSteps(before, [step('dev'), step('prod', { after: ['dev'] })])).toBe(true);
    expect(sameSteps(before, [step('dev'), step('prod')])).toBe(false);
    expect(sameSteps(before, [step('dev', { trigger: 'AUTOMATIC' }), step('prod', { after: ['dev'] })])).toBe(
      false,
    );
    expect(sameSteps(before, [step('dev')])).toBe(false);
  });
});
