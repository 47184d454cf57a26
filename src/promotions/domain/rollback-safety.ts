// Whether going back is possible at all: what a release removed for good, no older release can give back.
import { canonicalJson } from '@fairlead/protocol/canonical';
import { refOf, type KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { resourceId } from '@fairlead/protocol/resource-id';

/** On an object (label or annotation, "true"): going back over a change of it is refused, a database migration for example. */
export const NO_ROLLBACK = 'fairlead.dev/no-rollback';

/** Their removal took the data along: claims their volumes, definitions every object of their kind. */
const keepers: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'CustomResourceDefinition']);

/**
 * Why `from` must not be followed by `to` again, one sentence per object; none: it may. Objects that both have, or whose
 * content is the same, are never in the way.
 */
export function irrevocable(from: readonly KubernetesObject[], to: readonly KubernetesObject[]): string[] {
  const [now, then] = [byId(from), byId(to)];
  const removed = [...then]
    .filter(([id, object]) => !now.has(id) && (keepers.has(object.kind) || marked(object)))
    .map(([id]) => `${id} was removed, and what it held cannot be given back.`);
  const changed = [...now]
    .filter(([id, object]) => marked(object) && different(object, then.get(id)))
    .map(([id]) => `${id} says that it must not be rolled back (${NO_ROLLBACK}).`);
  return [...removed, ...changed];
}

function byId(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map((object) => [resourceId(refOf(object)), object]));
}

function marked({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[NO_ROLLBACK] === 'true' || metadata.annotations?.[NO_ROLLBACK] === 'true';
}

function different(object: KubernetesObject, other: KubernetesObject | undefined): boolean {
  return other === undefined || canonicalJson(object) !== canonicalJson(other);
}
