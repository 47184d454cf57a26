// What the API server takes when nothing stands before it: the same objects, applied by the barest client there is.
import type { RawApi } from '../../test/support/raw-api.ts';
import { until } from '../../test/support/until.ts';
import { watchOthers } from '../measure/other-load.ts';
import { apiServerCpuSeconds } from './apply-meter.ts';
import { namespacesOf, objectsOf, OBJECTS_PER_APPLICATION } from './apply-content.ts';

const IN_FLIGHT = 16; // as many as the agent has
const PREFIX = 'raw';
const MADE_OF_SERVICES = [
  '/apis/networking.k8s.io/v1/ipaddresses?limit=50',
  '/apis/discovery.k8s.io/v1/endpointslices?limit=50',
  '/api/v1/endpoints?limit=50',
];
const PLURALS: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  ServiceAccount: 'serviceaccounts',
  Service: 'services',
};

/** Objects per second that the API server takes, and what one creation costs. */
export interface RawRates {
  /** Cores that other programs of this machine used while it created. */
  readonly rawCoresBusyForOthers: number;
  readonly rawApiServerCpuMsPerCreate: number;
  readonly rawClientCpuMsPerCreate: number;
  readonly rawCreatesPerSecond: number;
  readonly rawUnchangedPerSecond: number;
  readonly rawChangesPerSecond: number;
}

/**
 * Creates them all, applies them again unchanged, changes the ConfigMaps, and takes the Services away again: the API
 * server gives out their addresses one at a time and looks at all that are given out each time, so that the agent would
 * find another server than this did.
 */
export async function measureRawApply(api: RawApi, applications: number): Promise<RawRates> {
  await createNamespaces(api, namespacesOf(applications, PREFIX));
  const everything = applications * OBJECTS_PER_APPLICATION;
  const [serverBefore, clientBefore] = [apiServerCpuSeconds(), ownCpuSeconds()];
  const others = watchOthers();
  const creating = await applyAll(api, applications, { value: 1, kinds: OBJECTS_PER_APPLICATION });
  const rawCoresBusyForOthers = others();
  const [server, client] = [apiServerCpuSeconds() - serverBefore, ownCpuSeconds() - clientBefore];
  const repeating = await applyAll(api, applications, { value: 1, kinds: OBJECTS_PER_APPLICATION });
  const changing = await applyAll(api, applications, { value: 2, kinds: 1 });
  await removeServices(api, namespacesOf(applications, PREFIX));
  return {
    rawCoresBusyForOthers,
    rawApiServerCpuMsPerCreate: (server * 1_000) / everything,
    rawClientCpuMsPerCreate: (client * 1_000) / everything,
    rawCreatesPerSecond: everything / creating,
    rawUnchangedPerSecond: everything / repeating,
    rawChangesPerSecond: applications / changing,
  };
}

/** With what the control plane made of them, so that its clearing up is over, too. */
async function removeServices(api: RawApi, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    const { status } = await api('DELETE', `/api/v1/namespaces/${namespace}/services`);
    if (status !== 200) throw new Error(`services of ${namespace}: the API server answered ${status}`);
  }
  for (const path of MADE_OF_SERVICES) {
    const left = async () => (await api<{ items: readonly unknown[] }>('GET', path)).body.items.length;
    await until('what Services left behind to be gone', async () => (await left()) < 10, {
      timeoutMs: 120_000,
      intervalMs: 500,
    });
  }
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

/** Those that are there already stay. */
export async function createNamespaces(api: RawApi, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { status } = await api('POST', '/api/v1/namespaces', { metadata: { name } });
    if (status !== 201 && status !== 409)
      throw new Error(`namespace ${name}: the API server answered ${status}`);
  }
}

/** Seconds. `kinds`: the first so many objects of each application. */
async function applyAll(
  api: RawApi,
  applications: number,
  { value, kinds }: { readonly value: number; readonly kinds: number },
): Promise<number> {
  const requests = Array.from({ length: applications }, (_, index) =>
    objectsOf(index, PREFIX, value).slice(0, kinds),
  ).flat();
  const startedAt = performance.now();
  const worker = async () => {
    for (let next = requests.pop(); next; next = requests.pop()) await applyOne(api, next);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (performance.now() - startedAt) / 1_000;
}

async function applyOne(api: RawApi, object: ReturnType<typeof objectsOf>[number]): Promise<void> {
  const { name, namespace } = object.metadata;
  const path = `/api/v1/namespaces/${namespace}/${PLURALS[object.kind]}/${name}`;
  const query = 'fieldManager=bench&force=true&fieldValidation=Strict';
  const { status } = await api('PATCH', `${path}?${query}`, object, 'application/apply-patch+yaml');
  if (status > 201) throw new Error(`${object.kind} ${name}: the API server answered ${status}`);
}
