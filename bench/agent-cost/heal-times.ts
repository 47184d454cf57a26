// How fast the agent takes back what somebody changes: one object after the other is changed and watched.
import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { RawApi } from '../../test/support/raw-api.ts';
import { until } from '../../test/support/until.ts';
import { objectsOf } from '../apply/apply-content.ts';

const FOREIGN = 'changed by hand';
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 5;

/** The ConfigMap of each of some applications. */
export interface Targets {
  readonly api: RawApi;
  readonly prefix: string;
  readonly value: number;
  readonly applications: readonly number[];
}

/** Milliseconds from the API server's answer to a change until the wanted value is back, for each target; spread over `withinMs`. */
export async function healEach(
  { api, prefix, value, applications }: Targets,
  withinMs: number,
): Promise<number[]> {
  return Promise.all(
    applications.map(async (application, index) => {
      await pause((withinMs * index) / applications.length);
      return healOne(api, pathOf(application, prefix), String(value));
    }),
  );
}

/** The same object again and again, the next time as soon as it is healed. */
export async function healAgain(targets: Targets, times: number): Promise<number[]> {
  const [application = 0] = targets.applications;
  const found: number[] = [];
  for (let time = 0; time < times; time += 1)
    found.push(await healOne(targets.api, pathOf(application, targets.prefix), String(targets.value)));
  return found;
}

async function healOne(api: RawApi, path: string, wanted: string): Promise<number> {
  const changed = await api('PATCH', path, { data: { value: FOREIGN } }, 'application/merge-patch+json');
  if (changed.status !== 200) throw new Error(`${path}: the API server answered ${changed.status}`);
  const startedAt = performance.now();
  const isHealed = async () => {
    const { body } = await api<KubernetesObject & { data?: { value?: string } }>('GET', path);
    return body.data?.value === wanted;
  };
  await until(`${path} to be healed`, isHealed, { timeoutMs: PATIENCE_MS, intervalMs: LOOK_EVERY_MS });
  return performance.now() - startedAt;
}

function pathOf(application: number, prefix: string): string {
  const [configMap] = objectsOf(application, prefix, 0);
  if (!configMap) throw new Error('an application has a ConfigMap');
  const { namespace, name } = configMap.metadata;
  return `/api/v1/namespaces/${namespace}/configmaps/${name}`;
}
