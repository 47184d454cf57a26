// The Deployment controller: a ReplicaSet for each template, rolled out step by step, and the status that tells of it.
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { JsonObject } from '../json-value.ts';
import { numberOf, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf, isTerminating } from '../kube-object.ts';
import {
  condition,
  controlledBy,
  create,
  removeStored,
  withoutZeros,
  writeObject,
  writeStatus,
} from './controller-writes.ts';
import { templateHash } from './pods.ts';
import { REPLICA_SETS, replicasOf } from './replica-sets.ts';
import type { RolloutState } from './rollout.ts';
import { nextStep, unavailableLimit } from './rollout.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

const counted = (object: KubeObject, field: string): number => numberOf(valueAt(object, 'status', field), 0);
const sum = (sets: readonly KubeObject[], count: (set: KubeObject) => number): number =>
  sets.reduce((total, set) => total + count(set), 0);
const revisionOf = (set: KubeObject): number => Number(objectOf(set.metadata['annotations'])[REVISION] ?? 0);

/** Takes one step; returns in how many ms the progress deadline passes, if the rollout still runs. */
export function reconcileDeployment(state: ClusterState, deployment: KubeObject): number | undefined {
  if (isTerminating(deployment)) return undefined;
  const hash = templateHash(valueAt(deployment, 'spec', 'template'));
  const sets = state.owners.ownedObjects(deployment.metadata.uid, REPLICA_SETS);
  const found = sets.find((set) => objectOf(set.metadata['labels'])[HASH] === hash);
  const current = found ?? createReplicaSet(state, deployment, { hash, sets });
  const older = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
  const rollout = rolloutOf(deployment, current, older);
  takeStep(state, rollout, current, older);
  forgetOldest(state, deployment, older);
  return writeDeploymentStatus(state, deployment, { current, older, rollout });
}

function rolloutOf(deployment: KubeObject, current: KubeObject, older: readonly KubeObject[]): RolloutState {
  const parameters = valueAt(deployment, 'spec', 'strategy', 'rollingUpdate');
  return {
    strategy: valueAt(deployment, 'spec', 'strategy', 'type') === 'Recreate' ? 'Recreate' : 'RollingUpdate',
    desired: replicasOf(deployment),
    maxSurge: valueAt(parameters, 'maxSurge'),
    maxUnavailable: valueAt(parameters, 'maxUnavailable'),
    current: { replicas: replicasOf(current), available: counted(current, 'availableReplicas') },
    older: {
      replicas: sum(older, replicasOf),
      available: sum(older, (set) => counted(set, 'availableReplicas')),
    },
  };
}

function createReplicaSet(
  state: ClusterState,
  deployment: KubeObject,
  { hash, sets }: { hash: string; sets: readonly KubeObject[] },
): KubeObject {
  const template = structuredClone(objectOf(valueAt(deployment, 'spec', 'template')));
  const metadata = objectOf(template['metadata']);
  const labels = { ...objectOf(metadata['labels']), [HASH]: hash };
  const matchLabels = { ...objectOf(valueAt(deployment, 'spec', 'selector', 'matchLabels')), [HASH]: hash };
  return create(state, {
    kind: 'ReplicaSet',
    namespace: deployment.metadata.namespace,
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: { [REVISION]: String(Math.max(0, ...sets.map(revisionOf)) + 1) },
      ownerReferences: controlledBy(deployment),
    },
    content: {
      spec: {
        replicas: 0,
        selector: { matchLabels },
        template: { ...template, metadata: { ...metadata, labels } },
      },
    },
  });
}

function takeStep(
  state: ClusterState,
  rollout: RolloutState,
  current: KubeObject,
  older: readonly KubeObject[],
): void {
  const step = nextStep(rollout);
  scaleTo(state, current, step.currentReplicas);
  let surplus = rollout.older.replicas - step.olderReplicas;
  for (const set of older.toSorted((a, b) => revisionOf(a) - revisionOf(b))) {
    const cut = Math.min(surplus, replicasOf(set));
    scaleTo(state, set, replicasOf(set) - cut);
    surplus -= cut;
  }
}

/** Keeps as many empty ReplicaSets as the revision history wants. */
function forgetOldest(state: ClusterState, deployment: KubeObject, older: readonly KubeObject[]): void {
  const limit = numberOf(valueAt(deployment, 'spec', 'revisionHistoryLimit'), 10);
  const empty = older.filter((set) => replicasOf(set) === 0 && counted(set, 'replicas') === 0);
  const oldest = empty.toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of oldest.slice(0, Math.max(0, empty.length - limit)))
    removeStored(state, REPLICA_SETS, set);
}

function scaleTo(state: ClusterState, set: KubeObject, replicas: number): void {
  if (replicasOf(set) === replicas) return;
  const draft = draftOf(set);
  draft['spec'] = { ...objectOf(draft['spec']), replicas };
  writeObject(state, draft);
}

interface Sets {
  readonly current: KubeObject;
  readonly older: readonly KubeObject[];
  readonly rollout: RolloutState;
}

function writeDeploymentStatus(state: ClusterState, deployment: KubeObject, sets: Sets): number | undefined {
  const now = timestampOf(state.now());
  const counts = countsOf(sets);
  const isDone = isComplete(sets, counts);
  const progressing = isDone
    ? { status: 'True', reason: 'NewReplicaSetAvailable', message: 'has successfully progressed.' }
    : { status: 'True', reason: 'ReplicaSetUpdated', message: 'is progressing.' };
  const deadline = isDone ? undefined : deadlineOf(state, deployment, counts);
  const isLate = deadline !== undefined && deadline <= 0;
  const told = isLate
    ? { status: 'False', reason: 'ProgressDeadlineExceeded', message: 'has timed out progressing.' }
    : progressing;
  const message = `ReplicaSet "${sets.current.metadata.name}" ${told.message}`;
  const available = availability(
    counts.availableReplicas >= sets.rollout.desired - unavailableLimit(sets.rollout),
  );
  const conditions = [
    timed(deployment, condition(deployment, { type: 'Available', ...available }, now), now, false),
    timed(
      deployment,
      condition(deployment, { type: 'Progressing', ...told, message }, now),
      now,
      hasMoved(deployment, counts),
    ),
  ];
  const status = {
    observedGeneration: numberOf(deployment.metadata['generation'], 1),
    ...withoutZeros({ ...counts }),
    terminatingReplicas: 0,
    conditions,
  };
  const annotations = {
    ...objectOf(deployment.metadata['annotations']),
    [REVISION]: String(revisionOf(sets.current)),
  };
  writeStatus(state, deployment, status, { annotations });
  return isLate ? undefined : deadline;
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

function countsOf({ current, older, rollout }: Sets): Counts {
  const all = [current, ...older];
  const availableReplicas = sum(all, (set) => counted(set, 'availableReplicas'));
  const replicas = sum(all, (set) => counted(set, 'replicas'));
  return {
    replicas,
    updatedReplicas: counted(current, 'replicas'),
    readyReplicas: sum(all, (set) => counted(set, 'readyReplicas')),
    availableReplicas,
    unavailableReplicas: Math.max(0, Math.max(replicas, rollout.desired) - availableReplicas),
  };
}

const isComplete = ({ rollout }: Sets, counts: Counts): boolean =>
  counts.updatedReplicas === rollout.desired &&
  counts.replicas === rollout.desired &&
  counts.availableReplicas === rollout.desired;

const availability = (isAvailable: boolean): { status: string; reason: string; message: string } =>
  isAvailable
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

const hasMoved = (deployment: KubeObject, counts: Counts): boolean =>
  counts.updatedReplicas !== counted(deployment, 'updatedReplicas') ||
  counts.readyReplicas !== counted(deployment, 'readyReplicas') ||
  counts.replicas !== counted(deployment, 'replicas');

const conditionBefore = (deployment: KubeObject, type: unknown): JsonObject | undefined =>
  objectsOf(valueAt(deployment, 'status', 'conditions')).find((entry) => entry['type'] === type);

function timed(deployment: KubeObject, next: JsonObject, now: string, hasProgressed: boolean): JsonObject {
  const before = conditionBefore(deployment, next['type']);
  const isSame = before?.['reason'] === next['reason'] && before?.['status'] === next['status'];
  return { ...next, lastUpdateTime: isSame && !hasProgressed ? (before?.['lastUpdateTime'] ?? now) : now };
}

/** Milliseconds until the rollout counts as failed, counted from its last progress; negative when it is over. */
function deadlineOf(state: ClusterState, deployment: KubeObject, counts: Counts): number {
  const limitMs = numberOf(valueAt(deployment, 'spec', 'progressDeadlineSeconds'), 600) * 1_000;
  const last = stringOf(conditionBefore(deployment, 'Progressing')?.['lastUpdateTime']);
  const isSettled = counted(deployment, 'observedGeneration') === deployment.metadata['generation'];
  if (last === undefined || !isSettled || hasMoved(deployment, counts)) return limitMs;
  return Date.parse(last) + limitMs - state.now().getTime();
}
