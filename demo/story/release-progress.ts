// What the hub and the clusters say about a release in one environment.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import { openKube } from '../clusters/open-kube.ts';
import type { EnvironmentName } from '../fleet-plan.ts';
import type { HubApi } from '../hub-api.ts';
import { APPLICATION } from './stage.ts';

/** One instance, in the hub's words. */
export interface InstanceState {
  readonly cluster: { readonly name: string };
  readonly sync: string;
  readonly health: string;
  readonly message: string | null;
  readonly driftCount: number;
  readonly observedRelease: { readonly number: number } | null;
}

interface SlotState {
  readonly currentRelease: { readonly number: number } | null;
  readonly verifiedRelease: { readonly number: number } | null;
  readonly explanation: readonly string[];
  readonly waitingOn: readonly { readonly kind: string; readonly message: string }[];
}

/** The slot of an environment with its instances. */
export interface Progress {
  readonly slot: SlotState | null;
  readonly instances: readonly InstanceState[];
}

interface Answer {
  readonly slot: SlotState | null;
  readonly instances: { readonly edges: readonly { readonly node: InstanceState }[] };
}

const PROGRESS = /* GraphQL */ `
  query Progress($application: String!, $environment: String!) {
    slot(application: $application, environment: $environment) {
      currentRelease {
        number
      }
      verifiedRelease {
        number
      }
      explanation
      waitingOn {
        kind
        message
      }
    }
    instances(filter: { application: $application, environment: $environment }) {
      edges {
        node {
          cluster {
            name
          }
          sync
          health
          message
          driftCount
          observedRelease {
            number
          }
        }
      }
    }
  }
`;

/** Asks the hub. */
export async function progressIn(api: HubApi, environment: EnvironmentName): Promise<Progress> {
  const { slot, instances } = await api.ask<Answer>(PROGRESS, { application: APPLICATION, environment });
  return { slot, instances: instances.edges.map(({ node }) => node) };
}

/** Why release `number` is not wholly in the environment; undefined when it is SYNCED, HEALTHY and verified. */
export function whyNotThere(
  { slot, instances }: Progress,
  number: number,
  clusters: readonly DemoCluster[],
): string | undefined {
  const absent = clusters.filter(({ name }) => !instances.some(({ cluster }) => cluster.name === name));
  if (slot === null || absent.length > 0) {
    return `no instance yet on ${absent.map(({ name }) => name).join(', ') || 'any cluster'}`;
  }
  const unsettled = instances.filter((instance) => !isSettled(instance, number));
  const isVerified = (slot.verifiedRelease?.number ?? 0) >= number;
  if (isVerified && unsettled.length === 0) return undefined;
  const reasons = slot.waitingOn.map(({ kind, message }) => `${kind}: ${message}`);
  return [...reasons, ...unsettled.map(inWords)].join('; ') || slot.explanation.join('; ') || 'verification';
}

const isSettled = (instance: InstanceState, number: number) =>
  (instance.observedRelease?.number ?? 0) >= number &&
  instance.sync === 'SYNCED' &&
  instance.health === 'HEALTHY';

/** `prod-1 SYNCED and PROGRESSING on release 2 (1 of 3 ready)`. */
export function inWords({ cluster, sync, health, message, observedRelease }: InstanceState): string {
  const release = observedRelease === null ? 'no release' : `release ${observedRelease.number}`;
  return `${cluster.name} ${sync} and ${health} on ${release}${message ? ` (${message})` : ''}`;
}

/**
 * Why a cluster's own API does not show the shop at this version; undefined when it does. The hub's word is not
 * taken for it: this is what really runs.
 */
export async function whyNotLive(cluster: DemoCluster, version: string): Promise<string | undefined> {
  const deployment = await (await openKube(cluster)).find(DEPLOYMENT);
  const live = deployment?.metadata?.labels?.['app.kubernetes.io/version'];
  if (live === version) return undefined;
  return `the Deployment in ${cluster.name} says version ${live ?? 'nothing'}, not ${version}`;
}

/** Where the shop's objects are. */
export const DEPLOYMENT = '/apis/apps/v1/namespaces/shop/deployments/shop';
export const SERVICE = '/api/v1/namespaces/shop/services/shop';
