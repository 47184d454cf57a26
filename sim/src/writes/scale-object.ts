// The scale subresource: replicas of a workload, read and written without the rest of it.
import type { ClusterState, ObjectName, WriteOptions } from '../cluster-state.ts';
import { getObject } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import { numberOf, objectAt, objectOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { badRequest } from '../status-error.ts';
import { replaceObject } from './write-object.ts';

/** The Scale of a workload, as autoscaling/v1 shows it. */
export function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(objectOf(valueAt(object, 'spec', 'selector', 'matchLabels')));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace: namespace ?? '', uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberOf(valueAt(object, 'spec', 'replicas'), 0) },
    status: {
      replicas: numberOf(valueAt(object, 'status', 'replicas'), 0),
      selector: labels.map(([label, value]) => `${label}=${stringOf(value) ?? ''}`).join(','),
    },
  };
}

/** Writes the replicas of a Scale; throws 409 when it carries another resourceVersion than the stored one. */
export function writeScale(
  state: ClusterState,
  { type, at }: { type: ResourceType; at: ObjectName },
  scale: Json,
  options: WriteOptions,
): JsonObject {
  const replicas = valueAt(scale, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number') throw badRequest('spec.replicas of a Scale is a number');
  const body = draftOf(getObject(state, type, at));
  body.metadata.resourceVersion = stringOf(valueAt(scale, 'metadata', 'resourceVersion')) ?? '';
  objectAt(body, 'spec')['replicas'] = replicas;
  return scaleOf(replaceObject(state, { type, at, body }, { ...options, subresource: 'scale' }));
}
