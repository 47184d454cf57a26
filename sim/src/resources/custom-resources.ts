// The kinds that a CustomResourceDefinition brings, one for each version that it serves.
import { shapeOfSchema } from '../apply/schema-shape.ts';
import { isObject, listOf, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ResourceType } from './resource-type.ts';

/** What of a definition names a kind; parts that are missing are empty. */
export function namesOf(definition: KubeObject): { group: string; plural: string; kind: string } {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  return {
    group: stringOf(spec['group']) ?? '',
    plural: stringOf(names['plural']) ?? '',
    kind: stringOf(names['kind']) ?? '',
  };
}

export function customResourceTypes(definition: KubeObject): ResourceType[] {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  const served = objectsOf(spec['versions']).filter((version) => version['served'] === true);
  return served.map((version) => ({
    ...namesOf(definition),
    version: stringOf(version['name']) ?? '',
    singular: stringOf(names['singular']) ?? '',
    shortNames: listOf(names['shortNames']).filter((name) => typeof name === 'string'),
    namespaced: spec['scope'] === 'Namespaced',
    subresources: isObject(valueAt(version, 'subresources', 'status')) ? ['status'] : [],
    shape: shapeOfSchema(objectOf(valueAt(version, 'schema', 'openAPIV3Schema'))),
    custom: true,
  }));
}
