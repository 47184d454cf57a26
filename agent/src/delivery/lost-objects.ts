// Finds what an instance applied when its inventory is gone: a person deleted the Secret, or a backup came without it.
import { refOf, type KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf, type ObjectRef } from '@fairlead/protocol/resource-id';
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { holds } from '../drift/field-tree.ts';
import { ownEntry } from '../drift/managed-fields.ts';
import { isGroupAway } from '../kube/discovery.ts';
import type { ApiResource, KubeClient } from '../kube/kube-client.ts';
import { isKubeError, type KubeError } from '../kube/kube-error.ts';
import { placeOf } from './apply-order.ts';
import type { InventoryEntry } from './inventory.ts';

/** What a search brought. */
export interface LostAndFound {
  /** Applied by us. */
  readonly ours: readonly InventoryEntry[];
  /** Carry the label, and we did not put it there: most often copies that somebody made. */
  readonly strangers: readonly ObjectRef[];
  /** API groups of which nothing is known now, each with why. */
  readonly unanswered: ReadonlyMap<string, KubeError>;
}

/** Looks at every kind, so it is for the rare case alone. */
export class LostObjects {
  readonly #kube: KubeClient;
  readonly #namespaces: readonly (string | undefined)[];

  /** `namespaces`: where the agent may work; without it everywhere. */
  constructor(kube: KubeClient, namespaces?: readonly string[]) {
    this.#kube = kube;
    this.#namespaces = namespaces ?? [undefined];
  }

  /** What carries the instance's label; throws `KubeError` where the API server itself does not answer. */
  async find(instance: string): Promise<LostAndFound> {
    const served = await this.#kube.kinds();
    const unanswered = new Map(served.unanswered);
    const ofKind = async (kind: ApiResource): Promise<readonly KubernetesObject[]> => {
      try {
        return await this.#ofKind(kind, instance);
      } catch (error) {
        if (!isGroupAway(error, kind.apiVersion)) throw error;
        unanswered.set(groupOf(kind.apiVersion), error);
        return [];
      }
    };
    const lists = await Promise.all(served.kinds.filter(isRemovable).map(ofKind));
    const found = lists.flat().filter(isNobodyElses);
    const strangers = found.filter((object) => !isLabelledByUs(object)).map(refOf);
    return { ours: found.filter(isLabelledByUs).map(entryOf), strangers, unanswered };
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

const LABEL = ['metadata', 'labels', INSTANCE_LABEL].map((name) => ({ type: 'MEMBER', name }) as const);

/** Who copies an object copies its labels; that an apply of ours set this one is what only the API server writes down. */
function isLabelledByUs(object: KubernetesObject): boolean {
  return holds(ownEntry(object)?.fieldsV1, LABEL);
}

function entryOf(object: KubernetesObject): InventoryEntry {
  return { ref: refOf(object), place: placeOf(object) ?? [0, 0, 0] };
}
