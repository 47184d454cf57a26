// Creates an application's namespace when its objects find none.
import type { Assignment } from '@fairlead/protocol/assignment';
import { actingFor } from '../kube/acting-for.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';

type Written = Pick<Assignment, 'namespace' | 'serviceAccountName'>;

/** One creation per namespace and writer at a time, however many objects wait for it. */
export class Namespaces {
  readonly #kube: KubeClient;
  readonly #creating = new Map<string, Promise<void>>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Resolves when the namespace is there. It gets no label of ours: it is the cluster's, and is never pruned. */
  ensure(assignment: Written): Promise<void> {
    const key = `${assignment.namespace} ${assignment.serviceAccountName ?? ''}`;
    const running = this.#creating.get(key);
    if (running) return running;
    const creation = this.#create(assignment).finally(() => this.#creating.delete(key));
    this.#creating.set(key, creation);
    return creation;
  }

  async #create(assignment: Written): Promise<void> {
    const metadata = { name: assignment.namespace };
    try {
      await actingFor(this.#kube, assignment).create({ apiVersion: 'v1', kind: 'Namespace', metadata });
    } catch (error) {
      if (!isKubeError(error, 409)) throw error;
    }
  }
}
