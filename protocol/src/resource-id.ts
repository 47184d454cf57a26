// How one Kubernetes object is named, in bundles, inventories, reports and messages.

/** Names one object in one cluster. `namespace` is absent for kinds that have none. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The API group of an `apiVersion`; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** One string per object: group, kind, namespace, name. The version is left out, since an object is the same in each. */
export function resourceId(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** How messages name an object to a person: `Deployment/shop/web`, or `Namespace/shop`. */
export function subject(ref: ObjectRef): string {
  return ref.namespace ? `${ref.kind}/${ref.namespace}/${ref.name}` : `${ref.kind}/${ref.name}`;
}
