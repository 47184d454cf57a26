// Takes an object out of the cluster, or our label off it, after a fresh look that it is still ours.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { refOf } from '@fairlead/protocol/kubernetes-object';
import type { Assignment } from '@fairlead/protocol/assignment';
import { INSTANCE_LABEL, PRUNE_ANNOTATION } from '@fairlead/protocol/tracking';
import { actingFor } from '../kube/acting-for.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { InventoryEntry } from './inventory.ts';

const ATTEMPTS = 5;

/** GONE: it is not there, or is not ours. GOING: deleted, but finalizers keep it. KEPT: marked as never to be pruned. */
export type Removal = 'GONE' | 'GOING' | 'KEPT';

/** Whose objects they are, and as whom they are written. */
type Owner = Pick<Assignment, 'instance' | 'namespace' | 'serviceAccountName'>;

/** Removes and releases objects; throws `KubeError` where the API server refuses. */
export class ObjectRemover {
  readonly #kube: KubeClient;

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Deletes exactly the object that was looked at: the API server refuses when it was changed or made anew since. */
  async remove({ ref }: InventoryEntry, owner: Owner): Promise<Removal> {
    for (let attempt = 1; ; attempt += 1) {
      const live = await this.#kube.get(ref);
      if (!live || !carriesLabel(live, owner.instance)) return 'GONE';
      if (live.metadata.deletionTimestamp !== undefined) return 'GOING';
      if (isKept(live)) return this.release({ ref }, owner).then(() => 'KEPT');
      const removal = await this.#delete(live, owner, attempt);
      if (removal) return removal;
    }
  }

  /** `undefined` when it was changed since the look, most often by its controller's status: then look again. */
  async #delete(live: KubernetesObject, owner: Owner, attempt: number): Promise<Removal | undefined> {
    try {
      const acting = actingFor(this.#kube, owner);
      return (await acting.remove(refOf(live), versionOf(live))) ? 'GONE' : 'GOING';
    } catch (error) {
      if (isKubeError(error, 404)) return 'GONE';
      if (isKubeError(error, 409) && attempt < ATTEMPTS) return undefined;
      throw error;
    }
  }

  /** Takes our label off and leaves the object as it is. */
  async release({ ref }: Pick<InventoryEntry, 'ref'>, owner: Owner): Promise<void> {
    const { instance } = owner;
    const path = `/metadata/labels/${INSTANCE_LABEL.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const live = await this.#kube.get(ref);
    if (!live || !carriesLabel(live, instance)) return;
    const patch = [
      { op: 'test', path, value: instance },
      { op: 'remove', path },
    ];
    try {
      await actingFor(this.#kube, owner).patch(ref, 'application/json-patch+json', patch);
    } catch (error) {
      // Gone, or labelled anew, between the look and the patch.
      if (!isKubeError(error, 404, 422)) throw error;
    }
  }
}

function carriesLabel(live: KubernetesObject, instance: string): boolean {
  return live.metadata.labels?.[INSTANCE_LABEL] === instance;
}

// Helm's and Argo CD's own marks mean the same.
function isKept({ metadata }: KubernetesObject): boolean {
  const annotations = metadata.annotations ?? {};
  const argoOptions = (annotations['argocd.argoproj.io/sync-options'] ?? '')
    .split(',')
    .map((item) => item.trim());
  return (
    annotations[PRUNE_ANNOTATION] === 'disabled' ||
    annotations['helm.sh/resource-policy'] === 'keep' ||
    argoOptions.includes('Prune=false')
  );
}

function versionOf({ metadata: { uid, resourceVersion } }: KubernetesObject) {
  return { ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
}
