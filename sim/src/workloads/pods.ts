// Pods: what a controller creates from a template, and what becomes of a pod on the one simulated node.
import { createHash } from 'node:crypto';
import type { ClusterState } from '../cluster-state.ts';
import { timestampOf } from '../cluster-state.ts';
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { KubeObject } from '../kube-object.ts';
import { draftOf, isTerminating, ownersOf } from '../kube-object.ts';
import { controlledBy, create, writeStatus } from './controller-writes.ts';

export const PODS = '/pods';
export const NODE_NAME = 'sim-node';

const NODE_AGENT = 'kubelet';

/** Images that never get pulled, so that ill health can be shown. */
const BROKEN_IMAGE = /broken/;

/** A short stable name for a template, as the controllers put on what they make from it. */
export function templateHash(template: Json | undefined): string {
  return createHash('sha256')
    .update(canonicalText(template ?? null))
    .digest('hex')
    .slice(0, 10);
}

function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${name}:${canonicalText(value[name] ?? null)}`).join(',')}}`;
}

/** Creates a pod of a workload's template; `name` is either a whole name or a stem for a generated one. */
export function createPod(
  state: ClusterState,
  owner: KubeObject,
  name: { readonly name: string } | { readonly generateName: string },
  labels: JsonObject = {},
): void {
  const template = objectOf(valueAt(owner, 'spec', 'template'));
  const inherited = objectOf(template['metadata']);
  create(state, {
    kind: 'Pod',
    namespace: owner.metadata.namespace,
    metadata: {
      ...name,
      ...structuredClone(inherited),
      labels: { ...objectOf(inherited['labels']), ...labels },
      ownerReferences: controlledBy(owner),
    },
    content: { spec: objectOf(template['spec']) },
  });
}

const conditionStatus = (pod: KubeObject, type: string): Json | undefined =>
  objectsOf(valueAt(pod, 'status', 'conditions')).find((entry) => entry['type'] === type)?.['status'];

export const isReady = (pod: KubeObject): boolean =>
  conditionStatus(pod, 'Ready') === 'True' && !isTerminating(pod);

export const phaseOf = (pod: KubeObject): string => stringOf(valueAt(pod, 'status', 'phase')) ?? 'Pending';

const imagesOf = (pod: KubeObject): string[] =>
  [
    ...objectsOf(valueAt(pod, 'spec', 'initContainers')),
    ...objectsOf(valueAt(pod, 'spec', 'containers')),
  ].map((container) => stringOf(container['image']) ?? '');

export const isOfJob = (pod: KubeObject): boolean => ownersOf(pod).some((owner) => owner.kind === 'Job');

/** The node takes a pending pod: it runs and is ready, or its image cannot be pulled. */
export function startPod(state: ClusterState, pod: KubeObject): void {
  const draft = draftOf(pod);
  draft['spec'] = { ...objectOf(draft['spec']), nodeName: NODE_NAME };
  const placed = state.store.put(PODS, draft);
  const isBroken = imagesOf(pod).some((image) => BROKEN_IMAGE.test(image));
  writeStatus(state, placed, isBroken ? unpulledStatus(state, pod) : runningStatus(state, pod), {
    manager: NODE_AGENT,
  });
}

/** A job's pod has done its work. */
export function finishPod(state: ClusterState, pod: KubeObject): void {
  const status = {
    ...objectOf(pod['status']),
    phase: 'Succeeded',
    conditions: conditionsOf(state, 'False', 'PodCompleted'),
    containerStatuses: containerStatuses(pod, false, {
      terminated: { exitCode: 0, reason: 'Completed', finishedAt: timestampOf(state.now()) },
    }),
  };
  writeStatus(state, pod, status, { manager: NODE_AGENT });
}

function runningStatus(state: ClusterState, pod: KubeObject): JsonObject {
  const startTime = timestampOf(state.now());
  const number = state.nextNumber();
  const podIP = `10.244.${Math.floor(number / 250) % 256}.${(number % 250) + 1}`;
  return {
    phase: 'Running',
    conditions: conditionsOf(state, 'True'),
    containerStatuses: containerStatuses(pod, true, { running: { startedAt: startTime } }),
    hostIP: '10.0.0.1',
    podIP,
    podIPs: [{ ip: podIP }],
    qosClass: 'BestEffort',
    startTime,
  };
}

function unpulledStatus(state: ClusterState, pod: KubeObject): JsonObject {
  const message = `Back-off pulling image "${imagesOf(pod).find((image) => BROKEN_IMAGE.test(image)) ?? ''}"`;
  return {
    phase: 'Pending',
    conditions: conditionsOf(state, 'False', 'ContainersNotReady'),
    containerStatuses: containerStatuses(pod, false, { waiting: { reason: 'ImagePullBackOff', message } }),
    hostIP: '10.0.0.1',
    qosClass: 'BestEffort',
    startTime: timestampOf(state.now()),
  };
}

function conditionsOf(state: ClusterState, ready: 'True' | 'False', reason?: string): Json {
  const lastTransitionTime = timestampOf(state.now());
  const entry = (type: string, status: string): JsonObject => ({
    type,
    status,
    lastTransitionTime,
    ...(status === 'False' && reason !== undefined && { reason }),
  });
  return [
    entry('PodScheduled', 'True'),
    entry('Initialized', 'True'),
    entry('ContainersReady', ready),
    entry('Ready', ready),
  ];
}

const containerStatuses = (pod: KubeObject, ready: boolean, state: JsonObject): Json =>
  objectsOf(valueAt(pod, 'spec', 'containers')).map((container) => ({
    name: container['name'] ?? '',
    image: container['image'] ?? '',
    imageID: '',
    ready,
    started: ready,
    restartCount: 0,
    state: structuredClone(state),
  }));
