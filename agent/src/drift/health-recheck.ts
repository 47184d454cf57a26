// Health that no event tells: pods of a workload that does not come up, and graces that run out.
import { isJudgedWithPods, isPodOf } from '@fairlead/health/pods-of-workload';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import type { LiveCache } from './live-cache.ts';
import type { LiveObject } from './live-object.ts';

const FIRST_LOOK_MS = 1_000;
// No event tells when a pod that starts cannot go on, so the first half minute is looked at closely.
const CLOSE_PAUSES_MS = [2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000];
const LONGEST_PAUSE_MS = 5 * 60_000;

interface PlannedLook {
  readonly atMs: number;
  readonly looks: number;
  readonly cancel: () => void;
}

/** What a recheck works with. */
export interface RecheckTools {
  readonly kube: KubeClient;
  readonly cache: LiveCache;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks at an ailing workload after 1 s, every 5 s for half a minute, then ever more rarely; pods are listed only then. */
export class HealthRecheck {
  readonly #tools: RecheckTools;
  readonly #planned = new Map<string, PlannedLook>();

  constructor(tools: RecheckTools) {
    this.#tools = tools;
  }

  /** Called at each change of the cache. */
  consider(live: LiveObject): void {
    const { health, recheckAtMs } = live.health;
    if (health === 'HEALTHY' || health === 'SUSPENDED') return this.forget(live.id);
    if (isJudgedWithPods(live.ref)) this.#plan(live, this.#tools.clock.now() + FIRST_LOOK_MS, 0);
    else if (recheckAtMs !== undefined) this.#plan(live, recheckAtMs, 0);
  }

  /** The object is gone, or well. */
  forget(id: string): void {
    this.#planned.get(id)?.cancel();
    this.#planned.delete(id);
  }

  stop(): void {
    for (const { cancel } of this.#planned.values()) cancel();
    this.#planned.clear();
  }

  #plan(live: LiveObject, atMs: number, looks: number): void {
    const planned = this.#planned.get(live.id);
    if (planned && planned.atMs <= atMs) return;
    planned?.cancel();
    const delayMs = Math.max(100, atMs - this.#tools.clock.now());
    const cancel = this.#tools.clock.after(delayMs, () => void this.#look(live.ref, live.id, looks));
    this.#planned.set(live.id, { atMs, looks, cancel });
  }

  async #look(ref: ObjectRef, id: string, looks: number): Promise<void> {
    this.#planned.delete(id);
    try {
      const object = await this.#tools.kube.get(ref);
      if (object) await this.#judge(object);
    } catch (error) {
      if (!isKubeError(error)) throw error;
      this.#tools.log.warn('cannot look at the pods of a workload', { object: id, reason: error.message });
    }
    const live = this.#tools.cache.get(id);
    if (!live || live.health.health === 'HEALTHY' || !isJudgedWithPods(ref)) return;
    const dueMs = live.health.recheckAtMs ?? Infinity;
    this.#planned.get(id)?.cancel();
    this.#planned.delete(id);
    this.#plan(live, Math.min(this.#tools.clock.now() + pauseAfterMs(looks), dueMs), looks + 1);
  }

  async #judge(object: KubernetesObject): Promise<void> {
    const selector = podSelector(object);
    this.#tools.cache.judge(object, selector === undefined ? undefined : await this.#pods(object, selector));
  }

  async #pods(workload: KubernetesObject, labelSelector: string): Promise<readonly KubernetesObject[]> {
    const resource = await this.#tools.kube.resolve('v1', 'Pod');
    if (!resource) return [];
    const { namespace } = workload.metadata;
    const { items } = await this.#tools.kube.list(resource, { namespace, labelSelector });
    return items.filter((pod) => isPodOf(workload, pod));
  }
}

function pauseAfterMs(looks: number): number {
  const doublings = Math.min(20, looks + 1 - CLOSE_PAUSES_MS.length);
  return CLOSE_PAUSES_MS[looks] ?? Math.min(LONGEST_PAUSE_MS, 5_000 * 2 ** doublings);
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** A workload's pod selector as a list's query takes it; `undefined` where it selects nothing in particular. */
export function podSelector(object: KubernetesObject): string | undefined {
  if (!isJudgedWithPods(object)) return undefined;
  const selector = (object['spec'] as { selector?: Selector } | undefined)?.selector;
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const parts = [...labels, ...(selector?.matchExpressions ?? []).map(expressionText)];
  return parts.length === 0 ? undefined : parts.join(',');
}

function expressionText({
  key,
  operator,
  values = [],
}: {
  key: string;
  operator: string;
  values?: readonly string[];
}) {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  }
}
