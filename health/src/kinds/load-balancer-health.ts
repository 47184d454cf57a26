// Service: only one of type LoadBalancer has something to wait for.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, healthy, progressing } from '../health-verdict.ts';
import { fields } from '../read-fields.ts';
import { loadBalancerAddress } from '../load-balancer-address.ts';

/** A load balancer is healthy when it has an address (kstatus is content with a cluster IP; Argo CD decides). */
export function loadBalancerHealth(object: KubernetesObject): HealthVerdict {
  if (fields(object['spec'])['type'] !== 'LoadBalancer') return healthy('Exists', 'is in the cluster');
  const address = loadBalancerAddress(object);
  return address === undefined
    ? progressing('NoAddress', 'waits for the address of its load balancer')
    : healthy('HasAddress', `its load balancer has the address ${address}`);
}
