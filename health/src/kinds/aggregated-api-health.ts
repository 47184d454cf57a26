// APIService: an API that another server in the cluster answers.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { condition } from '../conditions.ts';
import { type HealthVerdict, healthy, progressing } from '../health-verdict.ts';
import { because } from '../read-fields.ts';

/** Not DEGRADED while away: its server starts after it in the same release, and its own health tells of faults. */
export function aggregatedApiHealth(object: KubernetesObject): HealthVerdict {
  const available = condition(object, 'Available');
  if (available?.status === 'True') return healthy('Available', 'is available');
  return progressing(
    available?.reason ?? 'NotAvailable',
    `is not available yet${because(available?.message)}`,
  );
}
