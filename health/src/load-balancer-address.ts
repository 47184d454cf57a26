// Services and Ingresses publish where they can be reached in the same field.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { fields, fieldsList, quoted, text } from './read-fields.ts';

/** The first published host name or address; undefined when there is no entry. */
export function loadBalancerAddress(object: KubernetesObject): string | undefined {
  const [first] = fieldsList(fields(fields(object['status'])['loadBalancer'])['ingress']);
  return first && quoted(text(first['hostname']) ?? text(first['ip']) ?? 'unnamed');
}
