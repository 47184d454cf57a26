// Who looks at what: each change of an object wakes the controllers that it concerns, and nothing else ever runs.
import type { ClusterState } from '../cluster-state.ts';
import { objectOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { isTerminating, ownersOf } from '../kube-object.ts';
import type { StoreChange } from '../store/object-store.ts';
import { keyOf } from '../store/object-store.ts';
import { removeStored, writeStatus } from './controller-writes.ts';
import { reconcileDaemonSet } from './daemon-sets.ts';
import { DEFINITIONS, dropDefinition, reconcileDefinition } from './definitions.ts';
import { reconcileDeployment } from './deployments.ts';
import { reconcileJob } from './jobs.ts';
import { NAMESPACES, reconcileNamespace } from './namespaces.ts';
import { collectDependents } from './ownership.ts';
import { finishPod, isOfJob, phaseOf, PODS, startPod } from './pods.ts';
import { reconcileReplicaSet, REPLICA_SETS } from './replica-sets.ts';
import { reconcileStatefulSet } from './stateful-sets.ts';
import { WorkQueue } from './work-queue.ts';

type Reconcile = (state: ClusterState, object: KubeObject) => number | undefined | void;

const DEPLOYMENTS = 'apps/deployments';
const CLAIMS = '/persistentvolumeclaims';

const RECONCILERS: Readonly<Record<string, Reconcile>> = {
  [DEPLOYMENTS]: reconcileDeployment,
  [REPLICA_SETS]: reconcileReplicaSet,
  'apps/statefulsets': reconcileStatefulSet,
  'apps/daemonsets': reconcileDaemonSet,
  'batch/jobs': reconcileJob,
  [NAMESPACES]: reconcileNamespace,
  [DEFINITIONS]: reconcileDefinition,
};

const KIND_KEYS: Readonly<Record<string, string>> = {
  Deployment: DEPLOYMENTS,
  ReplicaSet: REPLICA_SETS,
  StatefulSet: 'apps/statefulsets',
  DaemonSet: 'apps/daemonsets',
  Job: 'batch/jobs',
};

export interface ControllerOptions {
  /** How long a pod, a job's work or a claim takes. */
  readonly readyAfterMs: number;
}

/** Runs until `stop` is called; idle, it holds no timer. */
export class Controllers {
  readonly #state: ClusterState;
  readonly #readyAfterMs: number;
  readonly #queue = new WorkQueue();

  constructor(state: ClusterState, { readyAfterMs }: ControllerOptions) {
    this.#state = state;
    this.#readyAfterMs = readyAfterMs;
    state.store.onChange((change) => this.#follow(change));
  }

  /** Looks at everything once, as after a restart from a snapshot. */
  lookAtEverything(): void {
    for (const [kind, object] of this.#state.store.everything()) this.#wake(kind, object);
  }

  stop(): void {
    this.#queue.stop();
  }

  #follow({ type, kind, object }: StoreChange): void {
    if (type === 'DELETED') this.#afterDeletion(kind, object);
    else this.#wake(kind, object);
    this.#wakeOwner(object);
  }

  #wake(kind: string, object: KubeObject): void {
    if (kind in RECONCILERS) this.#reconcileSoon(kind, object.metadata.namespace, object.metadata.name);
    if (kind === PODS) this.#wakePod(object);
    if (kind === CLAIMS && phaseOf(object) === 'Pending') {
      this.#later(kind, object, (claim) => this.#bindClaim(claim));
    }
    if (ownersOf(object).length > 0) this.#dropIfOrphanedSoon(kind, object);
  }

  #reconcileSoon(kind: string, namespace: string | undefined, name: string): void {
    const key = `${kind} ${namespace ?? ''}/${name}`;
    this.#queue.soon(key, () => {
      const object = this.#state.store.get(kind, namespace, name);
      const againMs = object && RECONCILERS[kind]?.(this.#state, object);
      if (typeof againMs === 'number') {
        this.#queue.later(`deadline ${key}`, againMs + 1, () => this.#reconcileSoon(kind, namespace, name));
      }
    });
  }

  #wakeOwner(object: KubeObject): void {
    for (const owner of ownersOf(object)) {
      const kind = owner.controller ? KIND_KEYS[owner.kind] : undefined;
      if (kind !== undefined) this.#reconcileSoon(kind, object.metadata.namespace, owner.name);
    }
  }

  #wakePod(pod: KubeObject): void {
    if (isTerminating(pod)) return;
    if (objectOf(pod['spec'])['nodeName'] === undefined)
      this.#later(PODS, pod, (found) => startPod(this.#state, found));
    else if (isOfJob(pod) && phaseOf(pod) === 'Running') {
      this.#later('finish', pod, (found) => finishPod(this.#state, found));
    }
  }

  /** Runs for the pod or claim as it is after the delay, if it is still the same one. */
  #later(why: string, object: KubeObject, work: (object: KubeObject) => void): void {
    const { uid, namespace, name } = object.metadata;
    const kind = why === 'finish' ? PODS : why;
    this.#queue.later(`${why} ${uid}`, this.#readyAfterMs, () => {
      const found = this.#state.store.get(kind, namespace, name);
      if (found?.metadata.uid === uid) work(found);
    });
  }

  #bindClaim(claim: KubeObject): void {
    const spec = objectOf(claim['spec']);
    const capacity = objectOf(valueAt(spec, 'resources', 'requests'));
    const bound = { ...claim, spec: { ...spec, volumeName: `pvc-${claim.metadata.uid}` } };
    const stored = this.#state.store.put(CLAIMS, bound);
    writeStatus(this.#state, stored, { phase: 'Bound', accessModes: spec['accessModes'] ?? [], capacity });
  }

  #dropIfOrphanedSoon(kind: string, object: KubeObject): void {
    this.#queue.soon(`owners ${kind} ${keyOf(object)}`, () => {
      const found = this.#state.store.get(kind, object.metadata.namespace, object.metadata.name);
      const owners = found ? ownersOf(found) : [];
      if (found && owners.length > 0 && !owners.some((owner) => this.#state.owners.has(owner.uid))) {
        removeStored(this.#state, kind, found);
      }
    });
  }

  #afterDeletion(kind: string, object: KubeObject): void {
    const { uid, namespace } = object.metadata;
    if (this.#state.owners.dependentsOf(uid).length > 0) {
      this.#queue.soon(`dependents ${uid}`, () => collectDependents(this.#state, uid));
    }
    if (kind === DEFINITIONS) this.#queue.soon(`drop ${uid}`, () => dropDefinition(this.#state, object));
    const home =
      namespace === undefined ? undefined : this.#state.store.get(NAMESPACES, undefined, namespace);
    if (home && isTerminating(home)) this.#reconcileSoon(NAMESPACES, undefined, home.metadata.name);
  }
}
