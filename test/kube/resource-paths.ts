// Where the objects of each kind are in the API.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { RawApi } from '../support/raw-api.ts';

interface Discovered {
  readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface Resources {
  readonly resources?: readonly Resource[];
}

/** What discovery tells of kinds. Each throws for a kind that is not served. */
export interface ResourcePaths {
  readonly pathOf: (object: KubernetesObject) => string;
  readonly isNamespaced: (object: KubernetesObject) => boolean;
}

/** Asks discovery. */
export async function resourcePaths(api: RawApi): Promise<ResourcePaths> {
  const { groups } = (await api<Discovered>('GET', '/apis')).body;
  const versions = [
    'v1',
    ...groups.flatMap((group) => group.versions.map((version) => version.groupVersion)),
  ];
  const served = new Map<string, Resource>();
  for (const version of versions) {
    const { resources = [] } = (await api<Resources>('GET', rootOf(version))).body;
    for (const resource of resources) {
      if (!resource.name.includes('/')) served.set(`${version}/${resource.kind}`, resource);
    }
  }
  const resourceOf = ({ apiVersion, kind }: KubernetesObject): Resource => {
    const resource = served.get(`${apiVersion}/${kind}`);
    if (!resource) throw new Error(`${kind} of ${apiVersion} is not served`);
    return resource;
  };
  return {
    isNamespaced: (object) => resourceOf(object).namespaced,
    pathOf: (object) => {
      const { name, namespace } = object.metadata;
      const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
      return `${rootOf(object.apiVersion)}${place}/${resourceOf(object).name}/${name}`;
    },
  };
}

function rootOf(groupVersion: string): string {
  return groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
}
