// In which order objects are applied, and, reversed, removed. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { groupOf } from '@fairlead/protocol/resource-id';
import { SYNC_WAVE_ANNOTATION } from '@fairlead/protocol/tracking';

/** Phase (hooks before and after), wave, and rank of the kind; compared in this order. */
export type Place = readonly [phase: number, wave: number, rank: number];

// Each line may need what stands above it. Kinds that are not named, custom resources among them, come with workloads.
const RANKS: readonly (readonly string[])[] = [
  ['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'],
  ['PriorityClass', 'StorageClass', 'IngressClass', 'RuntimeClass', 'GatewayClass', 'VolumeSnapshotClass'],
  ['ResourceQuota', 'LimitRange', 'NetworkPolicy', 'ServiceAccount', 'Role'],
  ['RoleBinding', 'Secret', 'ConfigMap', 'PersistentVolume', 'PersistentVolumeClaim'],
  ['Service'],
  [],
  ['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Ingress'],
  [
    'APIService',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
  ],
];

const OTHER_RANK = RANKS.findIndex((kinds) => kinds.length === 0);
const rankByKind = new Map(RANKS.flatMap((kinds, rank) => kinds.map((kind) => [kind, rank] as const)));

const ARGO_WAVE = 'argocd.argoproj.io/sync-wave';
const ARGO_HOOK = 'argocd.argoproj.io/hook';
const HELM_HOOK = 'helm.sh/hook';
const HELM_WEIGHT = 'helm.sh/hook-weight';

const PHASES: Readonly<Record<string, number>> = {
  'pre-install': -1,
  'pre-upgrade': -1,
  PreSync: -1,
  Sync: 0,
  'crd-install': 0,
  'post-install': 1,
  'post-upgrade': 1,
  PostSync: 1,
};

/**
 * Where an object stands; `undefined` for a hook that belongs to another occasion (a Helm test, a hook of a removal or
 * a rollback), which is never applied.
 */
export function placeOf(object: KubernetesObject): Place | undefined {
  const annotations = object.metadata.annotations ?? {};
  const hooks = hooksOf(object);
  const phase =
    hooks.length === 0 ? 0 : hooks.map((hook) => PHASES[hook]).find((known) => known !== undefined);
  if (phase === undefined) return undefined;
  const wave = annotations[SYNC_WAVE_ANNOTATION] ?? annotations[ARGO_WAVE] ?? annotations[HELM_WEIGHT] ?? '0';
  return [phase, Number.parseInt(wave, 10) || 0, rankOf(object)];
}

/** Whether Helm or Argo CD would run this object once per release instead of keeping it. */
export function isHook(object: KubernetesObject): boolean {
  return hooksOf(object).length > 0;
}

/** Groups of equal place, in rising order. */
export function inStages<T extends { readonly place: Place }>(
  items: readonly T[],
): readonly (readonly T[])[] {
  const sorted = [...items].sort((a, b) => comparePlaces(a.place, b.place));
  const stages: T[][] = [];
  for (const item of sorted) {
    const last = stages.at(-1);
    if (last?.[0] && comparePlaces(last[0].place, item.place) === 0) last.push(item);
    else stages.push([item]);
  }
  return stages;
}

function comparePlaces(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function hooksOf({ metadata }: KubernetesObject): string[] {
  const given = [metadata.annotations?.[HELM_HOOK], metadata.annotations?.[ARGO_HOOK]];
  return given.flatMap((value) => (value ?? '').split(',')).flatMap((hook) => hook.trim() || []);
}

function rankOf({ apiVersion, kind }: KubernetesObject): number {
  // A Knative Service is a workload: only the core group's Service is what others need first.
  if (kind === 'Service' && groupOf(apiVersion) !== '') return OTHER_RANK;
  return rankByKind.get(kind) ?? OTHER_RANK;
}
