import { healthiestToWorst } from '@fairlead/protocol/health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeHealth } from './compute-health.ts';
import { knownKinds, rulesByKind } from './rules-by-kind.ts';

const builtIn = [...rulesByKind.keys(), 'shop.example/Order'].map((key) => {
  const [group = '', kind = ''] = key.split('/');
  return { apiVersion: group ? `${group}/v1` : 'v1', kind };
});
const kinds = knownKinds()
  .map(({ group, kind }) => ({
    apiVersion: group ? `${group.replace('*', 'any')}/v1` : 'v1',
    kind: kind === '*' ? 'Other' : kind,
  }))
  .concat(builtIn);

// Names that the rules look at, so that the noise gets past the first question.
const key = fc.constantFrom(
  ...`conditions phase containerStatuses initContainerStatuses state lastState waiting terminated exitCode reason
      message name type status replicas updatedReplicas readyReplicas availableReplicas observedGeneration
      loadBalancer ingress restartCount desiredNumberScheduled updateStrategy rollingUpdate partition active
      lastScheduleTime state health stage parents racks statuses environments observedGeneration`.split(
    /\s+/,
  ),
);
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constant('True'),
);
const { noise } = fc.letrec<{ noise: unknown }>((tie) => ({
  noise: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('noise'), { maxLength: 4 }),
    fc.dictionary(key, tie('noise'), { maxKeys: 6 }),
  ),
}));
const anyObject = fc
  .record({ of: fc.constantFrom(...kinds), metadata: noise, spec: noise, status: noise })
  .map(({ of, ...rest }) => ({ ...of, ...rest }) as KubernetesObject);

const condition = (type: string) =>
  fc.record({
    type: fc.constant(type),
    status: fc.constantFrom('True', 'False', 'Unknown'),
    reason: fc.string(),
  });
const conditions = fc.tuple(
  ...`Ready Available Stalled Reconciling Progressing Complete Failed Established NamesAccepted AbleToScale
      ScalingActive ReplicaFailure DisruptionAllowed Synced Healthy Degraded Accepted Programmed Paused NotReady`
    .split(/\s+/)
    .map(condition),
);

describe('bad input', () => {
  it('gives an answer of the closed set, with reason and message, for any JSON', () => {
    fc.assert(
      fc.property(anyObject, fc.array(anyObject, { maxLength: 3 }), (object, pods) => {
        const { health, reason, message } = computeHealth(object, { pods, nowMs: 0 });
        expect(healthiestToWorst).toContain(health);
        expect(reason).toMatch(/./);
        expect(message).toMatch(/./);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the order of the conditions', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), conditions, fc.nat(), (of, list, seed) => {
        const turn = seed % list.length;
        const turned = [...list.slice(turn), ...list.slice(0, turn)].toReversed();
        const judged = (order: unknown[]) =>
          computeHealth({ ...of, metadata: { name: 'a' }, status: { phase: 'Running', conditions: order } });
        expect(judged(turned).health).toBe(judged(list).health);
      }),
    );
  });

  it('never calls a workload healthy whose numbers are not numbers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds.filter(({ apiVersion }) => apiVersion === 'apps/v1')),
        fc.oneof(fc.constant('3'), fc.constant(null), fc.constant(2.5), fc.constant([3])),
        (of, count) => {
          const status = { observedGeneration: 1, replicas: 3, updatedReplicas: count, readyReplicas: count };
          const object = { ...of, metadata: { name: 'a', generation: 1 }, spec: { replicas: 3 }, status };
          expect(computeHealth(object).health).toBe('PROGRESSING');
        },
      ),
    );
  });

  it('gives the same answer to the same object, and leaves it as it is', () => {
    fc.assert(
      fc.property(anyObject, (object) => {
        const before = JSON.stringify(object);
        expect(computeHealth(object)).toEqual(computeHealth(structuredClone(object)));
        expect(JSON.stringify(object)).toBe(before);
      }),
    );
  });

  it.each(kinds)(
    'judges $apiVersion $kind without a status, with null and with a list in place of it',
    (of) => {
      for (const status of [undefined, null, [], 'x', 7, { conditions: {} }, { conditions: [null, 1] }]) {
        const { health } = computeHealth({
          ...of,
          metadata: { name: 'a' },
          ...(status !== undefined && { status }),
        });
        expect(healthiestToWorst).toContain(health);
      }
    },
  );

  it('cuts a message that is a log', () => {
    const status = { phase: 'Failed', message: 'x'.repeat(1_000_000) };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, status };
    expect(computeHealth(pod).message.length).toBeLessThan(500);
  });
});
