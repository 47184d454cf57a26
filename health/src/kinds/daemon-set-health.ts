// DaemonSet: a pod of the newest template available on every node that should have one.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { notObserved } from '../generic-health.ts';
import { type HealthVerdict, type RelatedObjects, healthy, progressing } from '../health-verdict.ts';
import { fewest, fields, wholeNumber } from '../read-fields.ts';
import { podsOfNewestTemplate, verdictOfPods } from '../verdict-of-pods.ts';

/** Zero nodes wanted is healthy: there is nothing to run. With OnDelete nothing rolls by itself. */
export function daemonSetHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  const own = notObserved(object) ?? ownVerdict(object);
  const updated = wholeNumber(fields(object['status'])['updatedNumberScheduled']) ?? 0;
  if (updated === 0) return own;
  const pods = podsOfNewestTemplate(related.pods ?? [], 'controller-revision-hash');
  return verdictOfPods(own, pods, { nowMs: related.nowMs, crashesCount: true });
}

function ownVerdict(object: KubernetesObject): HealthVerdict {
  const status = fields(object['status']);
  const desired = wholeNumber(status['desiredNumberScheduled']);
  if (desired === undefined) {
    return progressing('NotScheduled', 'its controller has not yet counted the nodes that it should run on');
  }
  const strategy = fields(fields(object['spec'])['updateStrategy'])['type'];
  if (strategy === 'OnDelete') return healthy('OnDelete', 'pods are updated when someone deletes them');
  const updated = fewest(status, 'updatedNumberScheduled', 'currentNumberScheduled');
  const available = fewest(status, 'numberAvailable', 'numberReady');
  if (updated < desired) {
    return progressing('ReplicasNotUpdated', words(updated, desired, available));
  }
  if (available < desired) return progressing('ReplicasUnavailable', words(updated, desired, available));
  return healthy('Complete', `available on ${desired} of ${desired} nodes`);
}

function words(updated: number, desired: number, available: number): string {
  const unavailable = Math.max(0, desired - available);
  return `${updated} of ${desired} updated${unavailable > 0 ? `, ${unavailable} unavailable` : ''}`;
}
