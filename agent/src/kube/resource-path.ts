// URL paths of the Kubernetes API.
import type { ApiResource } from './kube-client.ts';

/** Path of a group version, such as `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of a collection, or of one object when a name is given. */
export function resourcePath(resource: ApiResource, namespace?: string, name?: string): string {
  const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${groupVersionPath(resource.apiVersion)}${scope}/${resource.plural}${object}`;
}

/** The resource as RBAC and messages name it: `deployments.apps`, or `services`. */
export function resourceName(resource: ApiResource): string {
  const slash = resource.apiVersion.indexOf('/');
  return slash < 0 ? resource.plural : `${resource.plural}.${resource.apiVersion.slice(0, slash)}`;
}

/** Query string of the members that have a value; empty where none has. */
export function queryString(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
