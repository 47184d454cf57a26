// OpenTelemetryCollector: its operator writes the counts as text, `2/3`.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { fields, text } from '../read-fields.ts';

/** A sidecar runs inside other pods and has none of its own to count. */
export function openTelemetryCollectorHealth(object: KubernetesObject): HealthVerdict {
  if (fields(object['spec'])['mode'] === 'sidecar') {
    return healthy('Sidecar', 'is put into the pods of others');
  }
  const counted = /^(\d{1,9})\/(\d{1,9})$/.exec(
    text(fields(fields(object['status'])['scale'])['statusReplicas']) ?? '',
  );
  if (!counted) return progressing('NotReported', 'its controller has not counted its pods yet');
  const ready = Number(counted[1]);
  const wanted = Number(counted[2]);
  const words = `${ready} of ${wanted} ready`;
  if (ready >= wanted) return healthy('Complete', words);
  return ready === 0 ? degraded('NoReplicaReady', words) : progressing('ReplicasNotReady', words);
}
