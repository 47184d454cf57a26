// Which kind, object and subresource a path names.
import type { ObjectName } from '../cluster-state.ts';
import type { ResourceRegistry } from '../resources/resource-registry.ts';
import type { ResourceType, Subresource } from '../resources/resource-type.ts';
import { hasSubresource } from '../resources/resource-type.ts';

export interface RequestTarget {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  /** Absent when the path names the whole collection. */
  readonly name: string | undefined;
  readonly subresource: Subresource | undefined;
}

const GROUP_PATH = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))\/(.+)$/;

/** Undefined when nothing is served at the path. */
export function targetOf(path: string, registry: ResourceRegistry): RequestTarget | undefined {
  const match = GROUP_PATH.exec(path);
  const apiVersion = match?.[1] ?? match?.[2];
  const rest = match?.[3]?.split('/').map(decodeURIComponent) ?? [];
  if (apiVersion === undefined) return undefined;
  return namespacedTarget(apiVersion, rest, registry) ?? plainTarget(apiVersion, rest, registry);
}

function namespacedTarget(
  apiVersion: string,
  rest: readonly string[],
  registry: ResourceRegistry,
): RequestTarget | undefined {
  const [first, namespace, plural, ...tail] = rest;
  if (first !== 'namespaces' || namespace === undefined || plural === undefined) return undefined;
  const type = registry.find(apiVersion, plural);
  return type?.namespaced ? targetWithin(type, namespace, tail) : undefined;
}

function plainTarget(
  apiVersion: string,
  rest: readonly string[],
  registry: ResourceRegistry,
): RequestTarget | undefined {
  const [plural = '', ...tail] = rest;
  const type = registry.find(apiVersion, plural);
  if (!type || (type.namespaced && tail.length > 0)) return undefined;
  return targetWithin(type, undefined, tail);
}

function targetWithin(
  type: ResourceType,
  namespace: string | undefined,
  tail: readonly string[],
): RequestTarget | undefined {
  const [name, wanted, ...more] = tail;
  const subresource = wanted === 'status' || wanted === 'scale' ? wanted : undefined;
  if (more.length > 0 || (wanted !== undefined && (!subresource || !hasSubresource(type, subresource))))
    return undefined;
  return { type, namespace, name, subresource };
}

export const objectNameOf = (target: RequestTarget): ObjectName => ({
  namespace: target.namespace,
  name: target.name ?? '',
});
