// The least of OpenAPI that kubectl wants before it applies: that patches take `fieldValidation`, so that it leaves
// validation to the server. The schemas themselves are not served.
import type { JsonObject } from '../json-value.ts';
import type { ResourceRegistry } from '../resources/resource-registry.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf } from '../resources/resource-type.ts';

const ROOT = '/openapi/v3';

const pathOf = (type: ResourceType): string => (type.group === '' ? 'api/v1' : `apis/${apiVersionOf(type)}`);

/** An OpenAPI document, or undefined when the path is none. */
export function openapiAt(path: string, registry: ResourceRegistry): JsonObject | undefined {
  if (path === ROOT) {
    const paths = [...new Set(registry.all.map(pathOf))];
    return {
      paths: Object.fromEntries(paths.map((name) => [name, { serverRelativeURL: `${ROOT}/${name}` }])),
    };
  }
  if (!path.startsWith(`${ROOT}/`)) return undefined;
  const types = registry.all.filter((type) => `${ROOT}/${pathOf(type)}` === path);
  return types.length === 0 ? undefined : documentOf(types);
}

function documentOf(types: readonly ResourceType[]): JsonObject {
  return {
    openapi: '3.0.0',
    info: { title: 'Simulated Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(
      types.map((type) => [objectPath(type), { patch: patchOf(type), put: patchOf(type) }]),
    ),
    components: { schemas: {} },
  };
}

const objectPath = (type: ResourceType): string =>
  `/${pathOf(type)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}/{name}`;

const parameter = (name: string): JsonObject => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
});

const patchOf = (type: ResourceType): JsonObject => ({
  'x-kubernetes-action': 'patch',
  'x-kubernetes-group-version-kind': { group: type.group, version: type.version, kind: type.kind },
  parameters: [
    parameter('dryRun'),
    parameter('fieldManager'),
    parameter('fieldValidation'),
    parameter('force'),
  ],
  responses: { '200': { description: 'OK' } },
});
