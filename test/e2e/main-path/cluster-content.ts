// What is in the namespace of the shop, seen from outside of hub and agent.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ControlPlane } from '../../support/control-plane.ts';

/** Collections in which the shop has objects. */
export const COLLECTIONS = {
  deployments: '/apis/apps/v1/namespaces/shop/deployments',
  services: '/api/v1/namespaces/shop/services',
  configmaps: '/api/v1/namespaces/shop/configmaps',
} as const;

/** One of them. */
export type Collection = keyof typeof COLLECTIONS;

/** What a test asks of the shop's Deployment. */
export interface Workload {
  readonly image: string | undefined;
  readonly replicas: number;
  readonly ready: number;
  /** Counts changes of the specification, so it tells how often one was written. */
  readonly generation: number;
  readonly uid: string;
}

interface DeploymentBody extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status?: { readonly readyReplicas?: number };
}

/** Reads a Deployment as the API server told it. */
export function workloadOf(object: KubernetesObject): Workload {
  const { metadata, spec, status } = object as DeploymentBody;
  const { uid, generation } = metadata as { readonly uid?: string; readonly generation?: number };
  return {
    image: spec.template.spec.containers[0]?.image,
    replicas: spec.replicas,
    ready: status?.readyReplicas ?? 0,
    generation: generation ?? 0,
    uid: uid ?? '',
  };
}

/** The shop's Deployment as it is now; undefined where there is none. */
export async function readWorkload({ api }: ControlPlane): Promise<Workload | undefined> {
  const { status, body } = await api('GET', `${COLLECTIONS.deployments}/web`);
  return status === 200 ? workloadOf(body) : undefined;
}

/** The uid of an object; undefined where there is none. */
export async function uidOf(
  { api }: ControlPlane,
  collection: Collection,
  name: string,
): Promise<string | undefined> {
  const { status, body } = await api('GET', `${COLLECTIONS[collection]}/${name}`);
  return status === 200 ? (body.metadata as { readonly uid?: string }).uid : undefined;
}

/** The uid of every object in the namespace by `collection/name`, whoever made it. */
export async function contentOf({ api }: ControlPlane): Promise<Readonly<Record<string, string>>> {
  const lists = await Promise.all(
    Object.entries(COLLECTIONS).map(async ([collection, path]) => {
      const { body } = await api<{ items: { metadata: { name: string; uid: string } }[] }>('GET', path);
      return body.items.map(({ metadata }) => [`${collection}/${metadata.name}`, metadata.uid] as const);
    }),
  );
  return Object.fromEntries(lists.flat());
}
