// Which workloads an autoscaler targets. Asked only when somebody else than us set the number of replicas.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf, type ObjectRef } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { isScaledByOthers } from './managed-fields.ts';

const REMEMBERED_MS = 10_000;

interface Known {
  readonly targets: Promise<ReadonlySet<string>>;
  readonly askedAtMs: number;
}

/** One list of a namespace's autoscalers answers for all its workloads for a few seconds. */
export class Autoscalers {
  readonly #kube: KubeClient;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(kube: KubeClient, clock: Clock) {
    this.#kube = kube;
    this.#clock = clock;
  }

  /** Whether a HorizontalPodAutoscaler owns the object's replicas. Where it may not be asked, none is known. */
  async has(ref: ObjectRef, live: KubernetesObject): Promise<boolean> {
    if (ref.namespace === undefined || !isScaledByOthers(live)) return false;
    return (await this.#targetsIn(ref.namespace)).has(targetKey(ref.apiVersion, ref.kind, ref.name));
  }

  #targetsIn(namespace: string): Promise<ReadonlySet<string>> {
    const known = this.#known.get(namespace);
    const nowMs = this.#clock.now();
    if (known && nowMs - known.askedAtMs < REMEMBERED_MS) return known.targets;
    const targets = this.#ask(namespace);
    this.#known.set(namespace, { targets, askedAtMs: nowMs });
    return targets;
  }

  async #ask(namespace: string): Promise<ReadonlySet<string>> {
    try {
      const resource = await this.#kube.resolve('autoscaling/v2', 'HorizontalPodAutoscaler');
      if (!resource) return new Set();
      return new Set((await this.#kube.list(resource, { namespace })).items.flatMap(targetOf));
    } catch (error) {
      if (isKubeError(error)) return new Set();
      throw error;
    }
  }
}

function targetOf(autoscaler: KubernetesObject): string[] {
  const spec = autoscaler['spec'] as
    { scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string } } | undefined;
  const { apiVersion = '', kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  return [targetKey(apiVersion, kind, name)];
}

function targetKey(apiVersion: string, kind: string, name: string): string {
  return `${groupOf(apiVersion)}/${kind}/${name}`;
}
