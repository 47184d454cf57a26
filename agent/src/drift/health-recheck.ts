// Health that no event tells: pods of a workload that does not come up, and graces that run out.
import { computeHealth } from '@fairlead/health/compute-health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import type { LiveCache } from './live-cache.ts';
import type { LiveObject } from './live-object.ts';

const FIRST_LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const WORKLOADS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);

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

/** Looks at an ailing object after 1 s, 2 s, 4 s … 5 min; pods are listed only then. */
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
    if (isWorkload(live.ref)) this.#plan(live, this.#tools.clock.now() + FIRST_LOOK_MS, 0);
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
      if (object) await this.#judge(object, id);
    } catch (error) {
      if (!isKubeError(error)) throw error;
      this.#tools.log.warn('cannot look at the pods of a workload', { object: id, reason: error.message });
    }
    const live = this.#tools.cache.get(id);
    if (!live || live.health.health === 'HEALTHY' || !isWorkload(ref)) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_LOOK_MS * 2 ** (looks + 1));
    const dueMs = live.health.recheckAtMs ?? Infinity;
    this.#planned.get(id)?.cancel();
    this.#planned.delete(id);
    this.#plan(live, Math.min(this.#tools.clock.now() + pauseMs, dueMs), looks + 1);
  }

  async #judge(object: KubernetesObject, id: string): Promise<void> {
    const nowMs = this.#tools.clock.now();
    const selector = podSelector(object);
    const pods = selector === undefined ? undefined : await this.#pods(object.metadata.namespace, selector);
    const verdict = computeHealth(object, { nowMs, ...(pods && { pods }) });
    this.#tools.cache.judge(id, object.metadata.uid ?? '', verdict);
  }

  async #pods(namespace: string | undefined, labelSelector: string): Promise<readonly KubernetesObject[]> {
    const resource = await this.#tools.kube.resolve('v1', 'Pod');
    return resource ? (await this.#tools.kube.list(resource, { namespace, labelSelector })).items : [];
  }
}

function isWorkload(ref: ObjectRef): boolean {
  return WORKLOADS.has(ref.kind);
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** A workload's pod selector as a list's query takes it; `undefined` where it selects nothing in particular. */
export function podSelector(object: KubernetesObject): string | undefined {
  if (!WORKLOADS.has(object.kind)) return undefined;
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
