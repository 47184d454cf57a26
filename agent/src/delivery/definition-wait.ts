// After a CustomResourceDefinition was applied its kind is served only a moment later; what needs the kind waits here.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { pause, type Clock } from '../clock.ts';
import type { WatchSet } from '../drift/watch-set.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { DesiredObject } from './desired-object.ts';
import type { PlannedStep } from './plan.ts';

const TIMEOUT_MS = 15_000;
const POLL_MS = 50;

interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly { readonly name: string; readonly served?: boolean }[];
}

interface DefinitionStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** Waits for definitions and makes their kinds known. */
export class DefinitionWait {
  readonly #kube: KubeClient;
  readonly #watches: WatchSet;
  readonly #clock: Clock;

  constructor(kube: KubeClient, watches: WatchSet, clock: Clock) {
    this.#kube = kube;
    this.#watches = watches;
    this.#clock = clock;
  }

  /** Returns when the definitions that were written in this stage are established, or after 15 s: later passes go on. */
  async established(steps: readonly PlannedStep[], stage: readonly DesiredObject[]): Promise<void> {
    const written = new Set(steps.filter((step) => step.step !== 'KEEP').map((step) => step.desired.id));
    const definitions = stage.filter(
      ({ id, ref }) => written.has(id) && ref.kind === 'CustomResourceDefinition',
    );
    await Promise.all(definitions.map((definition) => this.#wait(definition)));
  }

  async #wait({ ref, object }: DesiredObject): Promise<void> {
    const deadlineMs = this.#clock.now() + TIMEOUT_MS;
    const spec = object['spec'] as DefinitionSpec | undefined;
    while (this.#clock.now() < deadlineMs) {
      if (isEstablished(await this.#kube.get(ref)) && (await this.#isServed(spec))) return;
      await pause(this.#clock, POLL_MS);
    }
  }

  /** Discovery learns of a definition a little after it is established; only then can its kind be watched. */
  async #isServed(spec: DefinitionSpec | undefined): Promise<boolean> {
    const served = (spec?.versions ?? []).filter((version) => version.served !== false);
    const kind = spec?.names?.kind;
    const apiVersions = served.map((version) => `${spec?.group ?? ''}/${version.name}`);
    for (const apiVersion of apiVersions) this.#kube.forgetDiscovery(apiVersion);
    const [apiVersion] = apiVersions;
    if (apiVersion === undefined || kind === undefined) return true;
    if (!(await this.#kube.resolve(apiVersion, kind))) return false;
    this.#watches.retry([{ apiVersion, kind, namespaced: spec?.scope !== 'Cluster' }]);
    return true;
  }
}

function isEstablished(definition: KubernetesObject | undefined): boolean {
  const status = definition?.['status'] as DefinitionStatus | undefined;
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false;
}
