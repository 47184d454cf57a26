// Fields that controllers set by their calling even where Git gives them a first value. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import { parsePath } from './field-path.ts';
import { fieldsUnder, type FieldRule } from './left-alone.ts';
import { isAutoscaled, isScaledByOthers } from './managed-fields.ts';

const REPLICAS = field('spec.replicas');
const HELD: Readonly<Record<string, FieldRule>> = {
  // A certificate manager puts its authority there.
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': byController(
    'webhooks[*].clientConfig.caBundle',
  ),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': byController(
    'webhooks[*].clientConfig.caBundle',
  ),
  'apiextensions.k8s.io/CustomResourceDefinition': byController(
    'spec.conversion.webhook.clientConfig.caBundle',
  ),
  'apiregistration.k8s.io/APIService': byController('spec.caBundle'),
  // The rules of an aggregated role are the sum of others'.
  'rbac.authorization.k8s.io/ClusterRole': byController('rules'),
};

/** The rules for this live object; `hasAutoscaler`: an autoscaler is known to target it. */
export function controllerFields(live: KubernetesObject, hasAutoscaler: boolean): readonly FieldRule[] {
  const held = HELD[`${groupOf(live.apiVersion)}/${live.kind}`];
  const scaled = hasAutoscaler || isAutoscaled(live) ? [{ ...REPLICAS, acceptsUnowned: hasAutoscaler }] : [];
  return held ? [held, ...scaled] : scaled;
}

/** Whether a controller holds such a field, or may, so that the object has to be looked at before it is applied. */
export function isHeld(live: KubernetesObject): boolean {
  if (isScaledByOthers(live)) return true;
  return controllerFields(live, false).some((rule) => fieldsUnder(rule, live).length > 0);
}

function byController(path: string): FieldRule {
  return { ...field(path), managerClass: 'CONTROLLER' };
}

function field(path: string): FieldRule {
  return { pattern: parsePath(path) ?? [], because: { kind: 'IGNORED' } };
}
