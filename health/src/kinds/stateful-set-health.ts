// StatefulSet: ready pods, then how far the update has come under its strategy.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { notObserved } from '../generic-health.ts';
import { type HealthVerdict, type RelatedObjects, healthy, progressing } from '../health-verdict.ts';
import { type Fields, fields, text, wholeNumber } from '../read-fields.ts';
import { verdictOfPods } from '../verdict-of-pods.ts';

/**
 * Pods of every revision count: an ordered update waits for a broken pod of the old one too, so it needs a hand.
 * With OnDelete nothing rolls by itself, so an update that waits for people to delete pods is healthy.
 */
export function statefulSetHealth(object: KubernetesObject, related: RelatedObjects): HealthVerdict {
  const own = notObserved(object) ?? readyVerdict(object) ?? updateVerdict(object);
  return verdictOfPods(own, related.pods ?? [], { nowMs: related.nowMs, crashesCount: true });
}

function readyVerdict(object: KubernetesObject): HealthVerdict | undefined {
  const ready = wholeNumber(fields(object['status'])['readyReplicas']) ?? 0;
  const desired = desiredOf(object);
  return ready < desired ? progressing('ReplicasNotReady', `${ready} of ${desired} ready`) : undefined;
}

function updateVerdict(object: KubernetesObject): HealthVerdict {
  const strategy = fields(fields(object['spec'])['updateStrategy']);
  const status = fields(object['status']);
  const desired = desiredOf(object);
  if (strategy['type'] === 'OnDelete') {
    return healthy('OnDelete', `${desired} of ${desired} ready; pods are updated when someone deletes them`);
  }
  const surplus = (wholeNumber(status['replicas']) ?? 0) - desired;
  if (surplus > 0) return progressing('SurplusReplicasRunning', `${surplus} more than wanted`);
  const partition = wholeNumber(fields(strategy['rollingUpdate'])['partition']);
  return partition === undefined
    ? revisionVerdict(status, desired)
    : partitionVerdict(status, desired, partition);
}

function partitionVerdict(status: Fields, desired: number, partition: number): HealthVerdict {
  const updated = wholeNumber(status['updatedReplicas']) ?? 0;
  const wanted = Math.max(0, desired - partition);
  const held = partition > 0 ? `, ${Math.min(partition, desired)} held back by the partition` : '';
  if (updated < wanted) return progressing('ReplicasNotUpdated', `${updated} of ${wanted} updated${held}`);
  return healthy('Complete', `${desired} of ${desired} ready${held}`);
}

function revisionVerdict(status: Fields, desired: number): HealthVerdict {
  const current = wholeNumber(status['currentReplicas']) ?? desired;
  const isUpdating = text(status['updateRevision']) !== text(status['currentRevision']);
  if (!isUpdating && current >= desired) return healthy('Complete', `${desired} of ${desired} ready`);
  const updated = isUpdating ? (wholeNumber(status['updatedReplicas']) ?? 0) : current;
  return progressing('ReplicasNotUpdated', `${updated} of ${desired} updated`);
}

function desiredOf(object: KubernetesObject): number {
  return wholeNumber(fields(object['spec'])['replicas']) ?? 1;
}
