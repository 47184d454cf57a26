// Objects that people or other deployment tools made in namespaces that an instance has to itself, and nobody declared.
import type { Assignment } from '@fairlead/protocol/assignment';
import { refOf, type KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { attributionTo, type Attribution } from './attribution.ts';
import type { DriftBook } from './drift-book.ts';
import { acceptedBy, exceptionOf, exceptionsFor } from './exceptions.ts';
import { isInteractive } from './extra-fields.ts';
import type { Finding } from './finding.ts';
import { ignoresWholeObject, isIgnored, rulesFor } from './ignore-rules.ts';
import { KindWatcher, type WatchSink } from './kind-watcher.ts';
import { managedFields } from './managed-fields.ts';

/** What people make by hand; everything else in a namespace follows from these. */
const KINDS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'ServiceAccount'],
  ['v1', 'PersistentVolumeClaim'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
] as const;

/** One such object, and who made it. */
export interface AddedObject {
  readonly ref: ObjectRef;
  readonly attribution: Attribution;
}

interface Tools {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Followed {
  readonly found: FoundObjects;
  readonly watchers: readonly KindWatcher[];
}

/** One watch per kind and namespace, only for instances that ask for it. */
export class AddedObjects {
  readonly #tools: Tools;
  readonly #onChange: (instance: string) => void;
  readonly #followed = new Map<string, Map<string, Followed>>();

  constructor(tools: Tools, onChange: (instance: string) => void) {
    this.#tools = tools;
    this.#onChange = onChange;
  }

  /** Looks at exactly these namespaces for the instance. */
  follow(instance: string, namespaces: readonly string[]): void {
    const followed = this.#followed.get(instance) ?? new Map<string, Followed>();
    for (const [namespace, { watchers }] of followed) {
      if (namespaces.includes(namespace)) continue;
      for (const watcher of watchers) watcher.stop();
      followed.delete(namespace);
    }
    for (const namespace of namespaces) {
      if (!followed.has(namespace)) followed.set(namespace, this.#start(instance, namespace));
    }
    if (followed.size > 0) this.#followed.set(instance, followed);
    else this.#followed.delete(instance);
  }

  /** What is there now that has no owner, no label of ours, and was made by a person or another deployment tool. */
  of(instance: string): readonly AddedObject[] {
    return [...(this.#followed.get(instance)?.values() ?? [])].flatMap(({ found }) => found.all());
  }

  stop(): void {
    for (const instance of this.#followed.keys()) this.follow(instance, []);
  }

  #start(instance: string, namespace: string): Followed {
    const found = new FoundObjects(() => this.#onChange(instance));
    const watchers = KINDS.map(([apiVersion, kind]) => {
      const watched = { apiVersion, kind, namespace, labelSelector: `!${INSTANCE_LABEL}` };
      return new KindWatcher({ ...this.#tools, cache: found }, watched, () => undefined);
    });
    for (const watcher of watchers) void watcher.run();
    return { found, watchers };
  }
}

class FoundObjects implements WatchSink {
  readonly #objects = new Map<string, AddedObject>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  all(): readonly AddedObject[] {
    return [...this.#objects.values()];
  }

  put(object: KubernetesObject): void {
    const ref = refOf(object);
    const id = resourceId(ref);
    const attribution = makerOf(object);
    if (!attribution) return this.drop(id);
    if (this.#objects.has(id)) return;
    this.#objects.set(id, { ref, attribution });
    this.#onChange();
  }

  drop(id: string): void {
    if (this.#objects.delete(id)) this.#onChange();
  }

  reconcile(isInScope: (ref: ObjectRef) => boolean, items: readonly KubernetesObject[]): void {
    const listed = new Set(items.map((item) => resourceId(refOf(item))));
    for (const item of items) this.put(item);
    for (const [id, { ref }] of this.#objects) if (isInScope(ref) && !listed.has(id)) this.drop(id);
  }
}

/** Who made the object; `undefined` where it is no addition: it has an owner, is on its way out, or is a controller's. */
export function makerOf({ metadata, ...object }: KubernetesObject): Attribution | undefined {
  const owners = metadata['ownerReferences'];
  if ((Array.isArray(owners) && owners.length > 0) || metadata.deletionTimestamp !== undefined)
    return undefined;
  const entries = managedFields({ ...object, metadata });
  const [first] = entries
    .filter(({ subresource }) => subresource === undefined || subresource === '')
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
  return first && isInteractive(first) ? attributionTo(first) : undefined;
}

/** Makes the added objects that the book has open those that are there now. */
export function trackAddedObjects(
  {
    book,
    assignment,
    byId,
  }: {
    readonly book: DriftBook;
    readonly assignment: Assignment;
    readonly byId: ReadonlyMap<string, unknown>;
  },
  found: readonly AddedObject[],
  nowMs: number,
): void {
  // Git declares it: it lost our label, and is looked at as a changed object.
  const undeclared = found.filter(({ ref }) => !byId.has(resourceId(ref)));
  const added = new Map(undeclared.map((each) => [resourceId(each.ref), each]));
  for (const id of book.ids()) {
    if (book.isAddition(id) && !added.has(id)) book.closeObject(id, byId.has(id) ? 'RELEASED' : 'REVERTED');
  }
  for (const [id, object] of added) {
    const findings = findingsOf(object, assignment, nowMs);
    book.replace(id, 'ADDED', { ref: object.ref, findings, healsOf: () => 0 }, () => 'RELEASED');
  }
}

function findingsOf(
  { ref, attribution }: AddedObject,
  { syncPolicy }: Assignment,
  nowMs: number,
): readonly Finding[] {
  const rules = rulesFor(ref, syncPolicy.ignore);
  const field = { steps: [], manager: attribution.manager };
  if (ignoresWholeObject(rules) || isIgnored(field, rules)) return [];
  const finding: Finding = { path: '', steps: [], type: 'EXTRA', masked: false, attribution };
  const exception = exceptionOf(field, exceptionsFor(ref, syncPolicy.exceptions, nowMs));
  return [exception ? { ...finding, because: acceptedBy(exception) } : finding];
}
