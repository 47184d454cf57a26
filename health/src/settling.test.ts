import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { describe, expect, it } from 'vitest';
import { computeHealth } from './compute-health.ts';
import { SETTLING_GRACE_MS } from './settling.ts';

const applied = { resourceVersion: '7', atMs: 1_000 };

function certificate(resourceVersion: string, status: object): KubernetesObject {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'a', resourceVersion },
    status,
  };
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('a status without a generation', () => {
  it('does not make a new release healthy before its controller has written anything', () => {
    const verdict = computeHealth(certificate('7', ready), { nowMs: 1_000, applied });
    expect(verdict).toEqual({
      health: 'PROGRESSING',
      reason: 'NotObserved',
      message: 'its controller has not written its status since the last apply',
      recheckAtMs: 1_000 + SETTLING_GRACE_MS,
    });
  });

  it('counts once someone has written the object', () => {
    expect(computeHealth(certificate('8', ready), { nowMs: 1_000, applied }).health).toBe('HEALTHY');
  });

  it('counts after a grace, since a controller with nothing to change writes nothing', () => {
    const nowMs = 1_000 + SETTLING_GRACE_MS;
    expect(computeHealth(certificate('7', ready), { nowMs, applied }).health).toBe('HEALTHY');
  });

  it('is not waited for where no controller reports', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: '7' } };
    expect(computeHealth(object, { nowMs: 1_000, applied }).health).toBe('HEALTHY');
  });

  it('is not waited for where the controller says which generation it saw', () => {
    const status = { observedGeneration: 1, ...ready };
    expect(computeHealth(certificate('7', status), { nowMs: 1_000, applied }).health).toBe('HEALTHY');
  });
});

describe('a condition of an older generation', () => {
  const old = (apiVersion: string, type: string): KubernetesObject => ({
    apiVersion,
    kind: 'HTTPProxy',
    metadata: { name: 'a', generation: 3 },
    status: { conditions: [{ type, status: 'True', observedGeneration: 2 }] },
  });

  it.each([
    ['by a rule', old('projectcontour.io/v1', 'Valid')],
    ['by the conventions', old('shop.example/v1', 'Ready')],
  ])('is not taken for the present one %s', (_, object) => {
    expect(computeHealth(object).health).toBe('PROGRESSING');
  });
});
