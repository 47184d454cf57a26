// PersistentVolumeClaim: bound to a volume, waiting for one, or robbed of it.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, degraded, healthy, progressing, unknown } from '../health-verdict.ts';
import { fields, quoted, text } from '../read-fields.ts';

/** A claim whose class waits for its first consumer stays PROGRESSING until a pod uses it. */
export function persistentVolumeClaimHealth(object: KubernetesObject): HealthVerdict {
  const phase = text(fields(object['status'])['phase']);
  const volume = text(fields(object['spec'])['volumeName']);
  switch (phase) {
    case 'Bound':
      return healthy('Bound', volume ? `is bound to volume "${volume}"` : 'is bound');
    case 'Lost':
      return degraded('Lost', volume ? `has lost its volume "${volume}"` : 'has lost its volume');
    case 'Pending':
    case undefined:
      return progressing('NotBound', 'waits for a volume, or for the first pod that uses it');
    default:
      return unknown('UnknownPhase', `is in phase ${quoted(phase)}`);
  }
}
