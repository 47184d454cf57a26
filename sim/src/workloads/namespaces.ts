// Namespaces: what is in each from the start, and how a deleted one empties itself before it goes.
import type { ClusterState } from '../cluster-state.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating } from '../kube-object.ts';
import { create, removeStored } from './controller-writes.ts';

export const NAMESPACES = '/namespaces';

const CERTIFICATE_NOTE = 'a simulated cluster has no certificate authority for its workloads';

export function reconcileNamespace(state: ClusterState, namespace: KubeObject): void {
  if (isTerminating(namespace)) empty(state, namespace);
  else furnish(state, namespace.metadata.name);
}

function furnish(state: ClusterState, namespace: string): void {
  if (!state.store.get('/serviceaccounts', namespace, 'default')) {
    create(state, { kind: 'ServiceAccount', namespace, metadata: { name: 'default' }, content: {} });
  }
  if (!state.store.get('/configmaps', namespace, 'kube-root-ca.crt')) {
    const content = { data: { 'ca.crt': CERTIFICATE_NOTE } };
    create(state, { kind: 'ConfigMap', namespace, metadata: { name: 'kube-root-ca.crt' }, content });
  }
}

function empty(state: ClusterState, namespace: KubeObject): void {
  const content = [...state.store.everything()].filter(
    ([, object]) => object.metadata.namespace === namespace.metadata.name,
  );
  for (const [kind, object] of content) {
    const stored = state.store.get(kind, object.metadata.namespace, object.metadata.name);
    if (stored) removeStored(state, kind, stored);
  }
  const isEmpty = content.every(
    ([kind, object]) => !state.store.get(kind, namespace.metadata.name, object.metadata.name),
  );
  const stored = state.store.get(NAMESPACES, undefined, namespace.metadata.name);
  if (isEmpty && stored) state.store.remove(NAMESPACES, stored);
}
