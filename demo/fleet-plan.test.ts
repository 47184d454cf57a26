import { describe, expect, it } from 'vitest';
import { fleetInWords, fleetSignature, planFleet } from './fleet-plan.ts';

describe('the fleet of the demo', () => {
  it('is seven simulated clusters when nothing is said, five of them in prod', () => {
    expect(fleetSignature(planFleet({ kube: false, contexts: [] }))).toBe(
      'dev-1=simulated, staging-1=simulated, prod-1=simulated, prod-2=simulated, prod-3=simulated, prod-4=simulated, prod-5=simulated',
    );
  });

  it('is five real control planes on request, three of them in prod', () => {
    const fleet = planFleet({ kube: true, contexts: [] });
    expect(fleetSignature(fleet)).toBe(
      'dev-1=control-plane, staging-1=control-plane, prod-1=control-plane, prod-2=control-plane, prod-3=control-plane',
    );
  });

  it('gives contexts the first places, in their order', () => {
    expect(fleetSignature(planFleet({ kube: false, contexts: ['b', 'a'] }))).toBe(
      'dev-1=context b, staging-1=context a, prod-1=simulated',
    );
  });

  it('puts further contexts into prod', () => {
    const fleet = planFleet({ kube: true, contexts: ['a', 'b', 'c', 'd', 'e'] });
    expect(fleet.map(({ name, environment }) => `${name} ${environment}`)).toEqual([
      'dev-1 dev',
      'staging-1 staging',
      'prod-1 prod',
      'prod-2 prod',
      'prod-3 prod',
    ]);
  });

  it.each([
    [{ kube: false, contexts: [] }, '7 simulated clusters'],
    [{ kube: true, contexts: [] }, '5 real control planes'],
    [{ kube: true, contexts: ['a'] }, '1 cluster of your kubeconfig and 2 real control planes'],
  ])('is told in words (%j)', (options, words) => {
    expect(fleetInWords(planFleet(options))).toBe(words);
  });
});
