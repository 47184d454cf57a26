// As whom an instance's objects are written: the agent itself, or the ServiceAccount that its application names.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubeClient } from './kube-client.ts';

/** The client for everything that is written for this assignment; a ServiceAccount is one of its namespace. */
export function actingFor(
  kube: KubeClient,
  { namespace, serviceAccountName }: Pick<Assignment, 'namespace' | 'serviceAccountName'>,
): KubeClient {
  if (serviceAccountName === undefined) return kube;
  return kube.writingAs(`system:serviceaccount:${namespace}:${serviceAccountName}`);
}
