// Finds what an instance applied when its inventory is gone: a person deleted the Secret, or a backup came without it.
import { refOf, type KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import type { ApiResource, KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { placeOf } from './apply-order.ts';
import type { InventoryEntry } from './inventory.ts';

/** Looks at every kind, so it is for the rare case alone. */
export class LostObjects {
  readonly #kube: KubeClient;
  readonly #namespaces: readonly (string | undefined)[];

  /** `namespaces`: where the agent may work; without it everywhere. */
  constructor(kube: KubeClient, namespaces?: readonly string[]) {
    this.#kube = kube;
    this.#namespaces = namespaces ?? [undefined];
  }

  /** What carries the instance's label; throws `KubeError` where a kind does not answer, so that nothing is taken for gone. */
  async find(instance: string): Promise<readonly InventoryEntry[]> {
    const kinds = (await this.#kube.kinds()).filter(isRemovable);
    const found = await Promise.all(kinds.map((kind) => this.#ofKind(kind, instance)));
    return found.flat().filter(isNobodyElses).map(entryOf);
  }

  async #ofKind(kind: ApiResource, instance: string): Promise<readonly KubernetesObject[]> {
    const labelSelector = `${INSTANCE_LABEL}=${instance}`;
    const places = kind.namespaced ? this.#namespaces : [undefined];
    const lists = await Promise.all(
      places.map((namespace) => this.#list(kind, { namespace, labelSelector })),
    );
    return lists.flat().map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }));
  }

  async #list(
    kind: ApiResource,
    scope: { namespace: string | undefined; labelSelector: string },
  ): Promise<readonly KubernetesObject[]> {
    try {
      return (await this.#kube.list(kind, scope)).items;
    } catch (error) {
      // What the agent may not see it has not applied, and what is not served any more has no objects.
      if (isKubeError(error, 403, 404, 405)) return [];
      throw error;
    }
  }
}

function isRemovable({ verbs }: ApiResource): boolean {
  return verbs.includes('list') && verbs.includes('delete');
}

/** Controllers hand labels on, as a Service's to its EndpointSlices; what they made goes with what they made it for. */
function isNobodyElses({ metadata }: KubernetesObject): boolean {
  const owners = metadata['ownerReferences'] as readonly { readonly controller?: boolean }[] | undefined;
  return !owners?.some(({ controller }) => controller === true);
}

function entryOf(object: KubernetesObject): InventoryEntry {
  return { ref: refOf(object), place: placeOf(object) ?? [0, 0, 0] };
}
