// HorizontalPodAutoscaler: whether it can read its metrics and scale its target.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type Condition, conditionsOf, readConditions } from '../conditions.ts';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { because, fields, text } from '../read-fields.ts';

/** autoscaling/v1 has no conditions in its status; the API server keeps them in this annotation as JSON. */
const V1_CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';

/** Reasons of its controller that mean it cannot do its work, as `type/reason`. */
const FAULTS: ReadonlySet<string> = new Set([
  'AbleToScale/FailedGetScale',
  'AbleToScale/FailedUpdateScale',
  'ScalingActive/FailedComputeMetricsReplicas',
  'ScalingActive/FailedGetContainerResourceMetric',
  'ScalingActive/FailedGetExternalMetric',
  'ScalingActive/FailedGetObjectMetric',
  'ScalingActive/FailedGetPodsMetric',
  'ScalingActive/FailedGetResourceMetric',
  'ScalingActive/InvalidSelector',
]);

/** A fault decides wherever it stands in the list. */
export function horizontalPodAutoscalerHealth(object: KubernetesObject): HealthVerdict {
  const conditions = allConditions(object);
  const fault = conditions.find(({ type, reason }) => FAULTS.has(`${type}/${reason}`));
  if (fault) return degraded(fault.reason ?? fault.type, `cannot scale${because(fault.message)}`);
  const isAble = conditions.some(
    ({ type, status }) => status === 'True' && (type === 'AbleToScale' || type === 'ScalingLimited'),
  );
  return isAble
    ? healthy('AbleToScale', 'can scale its target')
    : progressing('NotAbleToScale', 'waits to scale');
}

function allConditions(object: KubernetesObject): Condition[] {
  const annotation = text(fields(fields(object.metadata)['annotations'])[V1_CONDITIONS]);
  return [...conditionsOf(object), ...(annotation ? readConditions(parsed(annotation)) : [])];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Anyone can write an annotation; one that is no JSON says nothing.
    return undefined;
  }
}
