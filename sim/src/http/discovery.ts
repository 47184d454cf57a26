// Discovery: which groups, versions and kinds are served, as clients ask for it before they do anything else.
import type { JsonObject } from '../json-value.ts';
import type { ResourceRegistry } from '../resources/resource-registry.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import { apiVersionOf, hasSubresource } from '../resources/resource-type.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What `kubectl get all` means by all. */
const IN_ALL: ReadonlySet<string> = new Set([
  'Pod',
  'Service',
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'CronJob',
  'Job',
]);

/** The version that the simulation follows; kubectl and agents decide by it what they may use. */
const VERSION: JsonObject = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3+fairlead-sim',
  platform: 'linux/amd64',
};

/** A discovery document, or undefined when the path is none. */
export function discoveryAt(path: string, registry: ResourceRegistry): JsonObject | undefined {
  if (path === '/version') return VERSION;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(registry) };
  if (path === '/api/v1') return resourceList('v1', registry);
  const [, root, group, version, ...more] = path.split('/');
  if (root !== 'apis' || group === undefined || more.length > 0) return undefined;
  if (version === undefined) return groupDocument(group, registry);
  return resourceList(`${group}/${version}`, registry);
}

function groupDocument(name: string, registry: ResourceRegistry): JsonObject | undefined {
  const group = groupsOf(registry).find((candidate) => candidate['name'] === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...group };
}

function groupsOf(registry: ResourceRegistry): JsonObject[] {
  const groups = Map.groupBy(registry.all, (type) => type.group);
  return [...groups].flatMap(([name, types]) => {
    const versions = [...new Set(types.map((type) => type.version))].map((version) => ({
      groupVersion: `${name}/${version}`,
      version,
    }));
    const [preferredVersion] = versions;
    return name === '' || !preferredVersion ? [] : [{ name, versions, preferredVersion }];
  });
}

function resourceList(groupVersion: string, registry: ResourceRegistry): JsonObject | undefined {
  const types = registry.all.filter((type) => apiVersionOf(type) === groupVersion);
  if (types.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: types.flatMap(resourcesOf) };
}

function resourcesOf(type: ResourceType): JsonObject[] {
  const { kind, plural, singular, namespaced, shortNames } = type;
  const names = {
    ...(shortNames.length > 0 && { shortNames: [...shortNames] }),
    ...(IN_ALL.has(kind) && { categories: ['all'] }),
  };
  const resources: JsonObject[] = [
    { name: plural, singularName: singular, namespaced, kind, verbs: VERBS, ...names },
  ];
  const verbs = ['get', 'patch', 'update'];
  if (hasSubresource(type, 'status')) {
    resources.push({ name: `${plural}/status`, singularName: '', namespaced, kind, verbs });
  }
  if (hasSubresource(type, 'scale')) {
    const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
    resources.push({ name: `${plural}/scale`, singularName: '', namespaced, ...scale, verbs });
  }
  return resources;
}
