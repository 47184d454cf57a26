// Ingress: taken up by an ingress controller, or not.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, healthy, progressing } from '../health-verdict.ts';
import { loadBalancerAddress } from '../load-balancer-address.ts';

/** Healthy when a controller has published an address, as for Argo CD; kstatus does not look. */
export function ingressHealth(object: KubernetesObject): HealthVerdict {
  const address = loadBalancerAddress(object);
  return address === undefined
    ? progressing('NoAddress', 'waits for an ingress controller to publish its address')
    : healthy('HasAddress', `is served at ${address}`);
}
