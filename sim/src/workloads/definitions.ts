// CustomResourceDefinitions: their kinds are served once they are established, and go with them.
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { objectOf, objectsOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { customResourceTypes, namesOf } from '../resources/custom-resources.ts';
import { storageKeyOf } from '../resources/resource-type.ts';
import { condition, removeStored, writeStatus } from './controller-writes.ts';

export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/** Serves what a definition says; versions that it serves no longer are gone. */
export function serveDefinition(state: ClusterState, definition: KubeObject): void {
  const { group, plural } = namesOf(definition);
  state.registry.remove(group, plural);
  for (const type of customResourceTypes(definition)) state.registry.add(type);
}

export function reconcileDefinition(state: ClusterState, definition: KubeObject): void {
  serveDefinition(state, definition);
  const now = timestampOf(state.now());
  const told = (type: string, reason: string, message: string): JsonObject =>
    condition(definition, { type, status: 'True', reason, message }, now);
  const storedVersions = objectsOf(valueAt(definition, 'spec', 'versions')).flatMap((version) =>
    version['storage'] === true ? (version['name'] ?? []) : [],
  );
  writeStatus(
    state,
    definition,
    {
      acceptedNames: objectOf(valueAt(definition, 'spec', 'names')),
      storedVersions,
      conditions: [
        told('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        told('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
    },
    { manager: 'kube-apiserver' },
  );
}

/** Removes what a deleted definition leaves: its objects first, so that watches still see them go. */
export function dropDefinition(state: ClusterState, definition: KubeObject): void {
  const names = namesOf(definition);
  const kind = storageKeyOf(names);
  for (const object of state.store.list(kind)) removeStored(state, kind, object);
  state.registry.remove(names.group, names.plural);
}
