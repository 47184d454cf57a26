// Namespace: there, or on its way out (then the generic rule has mostly spoken already).
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, healthy, progressing } from '../health-verdict.ts';
import { fields } from '../read-fields.ts';

/** Active, or without a phase, is healthy. */
export function namespaceHealth(object: KubernetesObject): HealthVerdict {
  return fields(object['status'])['phase'] === 'Terminating'
    ? progressing('Terminating', 'is being deleted')
    : healthy('Active', 'is active');
}
