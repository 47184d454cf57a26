// All objects of the cluster that carry our label, as watches and our own writes tell them.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import { resourceId, type ObjectRef } from '@fairlead/protocol/resource-id';
import type { HealthJudge } from './health-judge.ts';
import { healthSince } from './health-since.ts';
import { liveFactsOf, versionOf, type AppliedMark, type LiveObject } from './live-object.ts';

/** Told after each change; `object` is the whole object while there is one. */
export interface LiveChange {
  readonly before: LiveObject | undefined;
  readonly after: LiveObject | undefined;
  readonly object: KubernetesObject | undefined;
}

type Listener = (change: LiveChange) => void;

/** Of so many objects that went it is remembered when: answers are late by seconds, not by thousands of deletions. */
const MOST_GONE = 1_000;

/** Latest version wins: an event that is older than what is known changes nothing. */
export class LiveCache {
  readonly #objects = new Map<string, LiveObject>();
  /** Versions as of which objects were gone: the answer to a write, or a list, may still tell of what was before. */
  readonly #gone = new Map<string, number>();
  readonly #judge: HealthJudge;
  readonly #now: () => number;
  #listener: Listener = () => undefined;

  constructor(judge: HealthJudge, now: () => number) {
    this.#judge = judge;
    this.#now = now;
  }

  /** One listener; it is called within the change, so it must be quick and must not write. */
  onChange(listener: Listener): void {
    this.#listener = listener;
  }

  get(id: string): LiveObject | undefined {
    return this.#objects.get(id);
  }

  /** Takes an object as an event or a list gave it. */
  put(object: KubernetesObject): LiveObject {
    return this.#take(object, undefined);
  }

  /** Takes an object as our apply of new content left it: what its status said before does not speak of that content. */
  putApplied(object: KubernetesObject): LiveObject {
    return this.#take(object, this.#now());
  }

  /** The object is gone or lost our label, as of this version. */
  drop(id: string, resourceVersion: number): void {
    const before = this.#objects.get(id);
    if (!before || before.resourceVersion > resourceVersion) return;
    this.#objects.delete(id);
    this.#noteGone(id, resourceVersion);
    this.#listener({ before, after: undefined, object: undefined });
  }

  /** Judges anew, as time has passed or with pods, what was just read; what is older than what is known changes nothing. */
  judge(object: KubernetesObject, pods?: readonly KubernetesObject[]): void {
    const before = this.#objects.get(resourceId(refOf(object)));
    if (!before || before.uid !== object.metadata.uid || before.resourceVersion > versionOf(object)) return;
    const judgement = this.#judge.judge(object, { ...relatedOf(before.applied), ...(pods && { pods }) });
    const sinceMs = healthSince({ ...before, ...judgement }, before, { nowMs: this.#now() }, object);
    const after = { ...before, ...judgement, sinceMs, judged: pods !== undefined };
    this.#objects.set(before.id, after);
    this.#listener({ before, after, object: undefined });
  }

  /** Whether other rules decide now than those that judged it. */
  isOutdated({ ref, instance, rule }: LiveObject): boolean {
    return this.#judge.isOutdated(rule, ref, instance);
  }

  /** One object of each kind of which some are outdated. */
  outdatedKinds(kindOf: (ref: ObjectRef) => string): readonly ObjectRef[] {
    const outdated = new Map<string, ObjectRef>();
    for (const live of this.#objects.values()) {
      if (this.isOutdated(live)) outdated.set(kindOf(live.ref), live.ref);
    }
    return [...outdated.values()];
  }

  /** Makes one kind (in one namespace, or all) what a list says that it is. */
  reconcile(
    scope: (live: LiveObject) => boolean,
    items: readonly KubernetesObject[],
    resourceVersion: number,
  ): void {
    const listed = new Set(items.map((item) => this.put(item).id));
    const gone = [...this.#objects.values()].filter((live) => scope(live) && !listed.has(live.id));
    for (const live of gone) this.drop(live.id, resourceVersion);
  }

  #take(object: KubernetesObject, appliedAtMs: number | undefined): LiveObject {
    const before = this.#objects.get(resourceId(refOf(object)));
    if (before && !this.#isNews(before, object, appliedAtMs)) return before;
    const facts = liveFactsOf(object);
    const applied = markOf(object, before, appliedAtMs);
    const judgement = this.#judge.judge(object, relatedOf(applied));
    const fresh = { ...facts, ...judgement, applied, judged: false, sinceMs: undefined };
    const kept = withJudgement(fresh, before);
    const sinceMs = healthSince(kept, before, { nowMs: this.#now(), appliedAtMs }, object);
    const after = { ...kept, sinceMs };
    if (!before && versionOf(object) <= (this.#gone.get(facts.id) ?? -1)) return after;
    this.#gone.delete(facts.id);
    this.#objects.set(facts.id, after);
    this.#listener({ before, after, object });
    return after;
  }

  #noteGone(id: string, resourceVersion: number): void {
    // Anew, so that the oldest is the first.
    this.#gone.delete(id);
    this.#gone.set(id, resourceVersion);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MOST_GONE && oldest !== undefined) this.#gone.delete(oldest);
  }

  /** Most events tell of our own writes, whose answers told the same before. */
  #isNews(before: LiveObject, object: KubernetesObject, appliedAtMs: number | undefined): boolean {
    const version = versionOf(object);
    if (before.resourceVersion !== version) return before.resourceVersion < version;
    return appliedAtMs !== undefined || this.isOutdated(before);
  }
}

function relatedOf(applied: AppliedMark | undefined): { applied?: AppliedMark } {
  return applied ? { applied } : {};
}

function markOf(
  { metadata }: KubernetesObject,
  before: LiveObject | undefined,
  appliedAtMs: number | undefined,
): AppliedMark | undefined {
  const { resourceVersion, uid } = metadata;
  if (appliedAtMs !== undefined) return { resourceVersion: resourceVersion ?? '', atMs: appliedAtMs };
  return before?.uid === uid ? before?.applied : undefined;
}

// Pods have no events of their own here: what was learnt from them holds until they are looked at again, or a
// workload in trouble would seem to be on its way at each change of its status. It speaks of one specification only, and
// never of health: what was healthy then and is on its way now is on its way.
function withJudgement(after: LiveObject, before: LiveObject | undefined): LiveObject {
  const isSame =
    before?.uid === after.uid && before.generation === after.generation && before.rule === after.rule;
  const isTrouble = before?.judged === true && before.health.health !== 'HEALTHY';
  const holds = isSame && isTrouble && after.health.health === 'PROGRESSING';
  return holds ? { ...after, health: before.health, judged: true } : after;
}
