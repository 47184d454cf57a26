// The workloads of OpenKruise: roll-outs with partitions, which count from the end and may be percentages.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import {
  type HealthRule,
  type HealthVerdict,
  degraded,
  healthy,
  progressing,
  suspended,
} from '../health-verdict.ts';
import { type Fields, fields, text, wholeNumber } from '../read-fields.ts';
import { verdictOfPods } from '../verdict-of-pods.ts';

/** What one workload calls its counts; of `available` the first that the status has counts. */
interface CountNames {
  readonly total: string;
  readonly updated: string;
  readonly available: readonly string[];
}

const REPLICAS: CountNames = {
  total: 'replicas',
  updated: 'updatedReplicas',
  available: ['updatedAvailableReplicas', 'updatedReadyReplicas', 'availableReplicas'],
};

const NODES: CountNames = {
  total: 'desiredNumberScheduled',
  updated: 'updatedNumberScheduled',
  available: ['numberAvailable'],
};

/** CloneSet, StatefulSet and GameServerSet count replicas. */
export const kruiseReplicasHealth: HealthRule = (object, related) => judge(object, related, REPLICAS);

/** DaemonSet counts nodes. */
export const kruiseNodesHealth: HealthRule = (object, related) => judge(object, related, NODES);

function judge(
  object: KubernetesObject,
  { pods = [], nowMs }: Parameters<HealthRule>[1],
  names: CountNames,
): HealthVerdict {
  return verdictOfPods(ownVerdict(object, names), pods, { nowMs, crashesCount: true });
}

// As for Argo CD, updated pods that are not available are a fault at once; only pods yet to be updated are progress.
function ownVerdict(object: KubernetesObject, names: CountNames): HealthVerdict {
  const status = fields(object['status']);
  const total = wholeNumber(status[names.total]);
  if (total === undefined) return progressing('NotObserved', 'its controller has not looked at it yet');
  const strategy = strategyOf(object);
  if (strategy['paused'] === true) return suspended('Paused', 'its roll-out is paused');
  const held = Math.min(total, partitionOf(strategy['partition'], total));
  const updated = wholeNumber(status[names.updated]);
  if (held > 0 && updated !== undefined && updated >= total - held) {
    return suspended(
      'PartitionReached',
      `${updated} of ${total} updated, ${held} held back by the partition`,
    );
  }
  return countsVerdict({ status, names, total, updated, wanted: total - held });
}

interface Counted {
  readonly status: Fields;
  readonly names: CountNames;
  readonly total: number;
  readonly updated: number | undefined;
  readonly wanted: number;
}

function countsVerdict({ status, names, total, updated, wanted }: Counted): HealthVerdict {
  const available = names.available
    .map((name) => wholeNumber(status[name]))
    .find((count) => count !== undefined);
  const words = `${available ?? 0} of ${total} updated and available`;
  if (available !== undefined && available >= total) return healthy('Complete', words);
  if (updated !== undefined && updated < wanted)
    return progressing('ReplicasNotUpdated', `${updated} of ${wanted} updated`);
  if (available === undefined && wholeNumber(status['numberUnavailable']) === undefined && names === NODES) {
    return progressing('NotCounted', 'none of its pods has been counted yet');
  }
  return degraded('ReplicasUnavailable', words);
}

/** Some of these workloads keep their settings one level deeper. */
function strategyOf(object: KubernetesObject): Fields {
  const strategy = fields(fields(object['spec'])['updateStrategy']);
  return { ...strategy, ...fields(strategy['rollingUpdate']) };
}

function partitionOf(partition: unknown, total: number): number {
  const percent = /^(\d{1,3})%$/.exec(text(partition) ?? '')?.[1];
  if (percent !== undefined) return Math.ceil((Number(percent) * total) / 100);
  return Math.max(0, wholeNumber(partition) ?? 0);
}
