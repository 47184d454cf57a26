// All objects of the cluster that carry our label, as watches and our own writes tell them.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import type { HealthVerdict } from '@fairlead/health/health-verdict';
import { liveObjectOf, versionOf, type LiveObject } from './live-object.ts';

/** Told after each change; `object` is the whole object while there is one. */
export interface LiveChange {
  readonly before: LiveObject | undefined;
  readonly after: LiveObject | undefined;
  readonly object: KubernetesObject | undefined;
}

type Listener = (change: LiveChange) => void;

/** Latest version wins: an event that is older than what is known changes nothing. */
export class LiveCache {
  readonly #objects = new Map<string, LiveObject>();
  readonly #now: () => number;
  #listener: Listener = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** One listener; it is called within the change, so it must be quick and must not write. */
  onChange(listener: Listener): void {
    this.#listener = listener;
  }

  get(id: string): LiveObject | undefined {
    return this.#objects.get(id);
  }

  /** Takes an object as an event, a list or an answer to a write gave it. */
  put(object: KubernetesObject): LiveObject {
    const id = resourceId(refOf(object));
    const before = this.#objects.get(id);
    // Most events tell of our own writes, whose answers told the same before.
    if (before && before.resourceVersion >= versionOf(object)) return before;
    const after = withJudgement(liveObjectOf(object, this.#now()), before);
    this.#objects.set(id, after);
    this.#listener({ before, after, object });
    return after;
  }

  /** The object is gone or lost our label, as of this version. */
  drop(id: string, resourceVersion: number): void {
    const before = this.#objects.get(id);
    if (!before || before.resourceVersion > resourceVersion) return;
    this.#objects.delete(id);
    this.#listener({ before, after: undefined, object: undefined });
  }

  /** A better judgement of health than the object alone allows, of the version that was looked at. */
  judge(id: string, uid: string, health: HealthVerdict): void {
    const before = this.#objects.get(id);
    if (before?.uid !== uid) return;
    const after = { ...before, health, judged: true };
    this.#objects.set(id, after);
    this.#listener({ before, after, object: undefined });
  }

  /** Makes one kind (in one namespace, or all) what a list says that it is. */
  reconcile(
    isInScope: (ref: ObjectRef) => boolean,
    items: readonly KubernetesObject[],
    resourceVersion: number,
  ): void {
    const listed = new Set(items.map((item) => this.put(item).id));
    const gone = [...this.#objects.values()].filter((live) => isInScope(live.ref) && !listed.has(live.id));
    for (const live of gone) this.drop(live.id, resourceVersion);
  }
}

// Pods have no events of their own here: what was learnt from them holds until they are looked at again, or a
// workload in trouble would seem to be on its way at each change of its status.
function withJudgement(after: LiveObject, before: LiveObject | undefined): LiveObject {
  const holds = before?.judged && before.uid === after.uid && after.health.health === 'PROGRESSING';
  return holds ? { ...after, health: before.health, judged: true } : after;
}
