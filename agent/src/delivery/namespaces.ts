// Creates an application's namespace when its objects find none.
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';

/** One creation per namespace at a time, however many objects wait for it. */
export class Namespaces {
  readonly #kube: KubeClient;
  readonly #creating = new Map<string, Promise<void>>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Resolves when the namespace is there. It gets no label of ours: it is the cluster's, and is never pruned. */
  ensure(name: string): Promise<void> {
    const running = this.#creating.get(name);
    if (running) return running;
    const creation = this.#create(name).finally(() => this.#creating.delete(name));
    this.#creating.set(name, creation);
    return creation;
  }

  async #create(name: string): Promise<void> {
    try {
      await this.#kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    } catch (error) {
      if (!isKubeError(error, 409)) throw error;
    }
  }
}
