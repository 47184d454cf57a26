// What the API server fills into Services and NetworkPolicies, and the addresses that it gives out.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, listOf, objectAt, objectsOf } from '../json-value.ts';
import { fill } from './pod-defaults.ts';

/** The fields that need no memory of what is given out already. */
export function fillServiceSpec(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of objectsOf(spec['ports'])) {
    fill(port, { protocol: 'TCP', targetPort: port['port'] ?? 0 });
    if (port['targetPort'] === 0 || port['targetPort'] === '') port['targetPort'] = port['port'] ?? 0;
  }
  if (spec['type'] === 'ExternalName') return;
  fill(spec, { internalTrafficPolicy: 'Cluster' });
  if (isExposed(spec)) fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec['type'] === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true });
  if (spec['sessionAffinity'] === 'ClientIP') {
    fill(objectAt(spec, 'sessionAffinityConfig', 'clientIP'), { timeoutSeconds: 10_800 });
  }
}

const isExposed = (spec: JsonObject): boolean =>
  spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';

/** Addresses and node ports, counted up from what the cluster has given out; what a Service had, it keeps. */
export function allocateAddresses(
  draft: JsonObject,
  previous: JsonObject | undefined,
  next: () => number,
): void {
  const spec = objectAt(draft, 'spec');
  if (spec['type'] === 'ExternalName') return;
  const before = isObject(previous?.['spec']) ? previous['spec'] : {};
  spec['clusterIP'] = address(spec['clusterIP'] ?? before['clusterIP'], next);
  fill(spec, {
    clusterIPs: listOf(before['clusterIPs']).length > 0 ? listOf(before['clusterIPs']) : [spec['clusterIP']],
  });
  fill(spec, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  if (!isExposed(spec)) return;
  for (const port of objectsOf(spec['ports']))
    port['nodePort'] = nodePort(port, objectsOf(before['ports']), next);
}

function address(wanted: Json | undefined, next: () => number): Json {
  if (typeof wanted === 'string' && wanted !== '') return wanted;
  const number = next();
  return `10.0.${Math.floor(number / 250) % 256}.${(number % 250) + 1}`;
}

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2_768;

function nodePort(port: JsonObject, before: readonly JsonObject[], next: () => number): Json {
  const same = before.find(
    (other) => other['port'] === port['port'] && other['protocol'] === port['protocol'],
  );
  return port['nodePort'] ?? same?.['nodePort'] ?? FIRST_NODE_PORT + (next() % NODE_PORTS);
}

export function fillNetworkPolicy(draft: JsonObject): void {
  const spec = objectAt(draft, 'spec');
  const types: Json = 'egress' in spec ? ['Ingress', 'Egress'] : ['Ingress'];
  fill(spec, { podSelector: {}, policyTypes: types });
  for (const rule of [...objectsOf(spec['ingress']), ...objectsOf(spec['egress'])]) {
    for (const port of objectsOf(rule['ports'])) fill(port, { protocol: 'TCP' });
  }
}
