// Nothing is created in a namespace that is not there, or that is on its way out.
import type { ClusterState } from '../cluster-state.ts';
import { isTerminating } from '../kube-object.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { forbidden, notFound } from '../status-error.ts';

const NAMESPACES = '/namespaces';

/** Throws 404 for an absent namespace, 403 for a terminating one. */
export function admitToNamespace(
  state: ClusterState,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): void {
  if (!type.namespaced || namespace === undefined) return;
  const found = state.store.get(NAMESPACES, undefined, namespace);
  if (!found) throw notFound(state.registry.builtin('Namespace'), namespace);
  if (!isTerminating(found)) return;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(type, name, why, [cause]);
}
