// What the agent costs over some time: memory, CPU and requests, with nothing happening or while objects are changed.
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlPlane } from '../../test/support/control-plane.ts';
import type { RunningProgram } from '../../test/support/process-set.ts';
import { until } from '../../test/support/until.ts';
import { namespacesOf } from '../apply/apply-content.ts';
import type { Figures } from '../benchmark.ts';
import { countRequests } from '../measure/api-server-requests.ts';
import { processUse } from '../measure/process-use.ts';

/** The agent and its cluster. */
export interface Observed {
  readonly plane: ControlPlane;
  readonly agent: RunningProgram;
  readonly applications?: number;
  readonly prefix?: string;
}

// What the applications consist of; of their requests a few an hour are the control plane's own.
const RESOURCES = new Set(['configmaps', 'secrets', 'serviceaccounts', 'services', 'deployments']);
const MERGE = 'application/merge-patch+json';
const MINUTE_MS = 60_000;
const CALM_MS = 10_000;
const PATIENCE_MS = 180_000;

/** Until controllers, and the agent with them, have done what earlier changes made necessary. */
export async function untilCalm({ plane }: Observed): Promise<void> {
  let [seen, since] = [await requests(plane), performance.now()];
  const isCalm = async (): Promise<boolean> => {
    const now = await requests(plane);
    if (now !== seen) [seen, since] = [now, performance.now()];
    return performance.now() - since >= CALM_MS;
  };
  await until('controllers to be done', isCalm, { timeoutMs: PATIENCE_MS, intervalMs: 1_000 });
}

/** `changing`: so many objects are there, and every tenth is changed by hand once, evenly over the time. */
export async function measureCost(
  { plane, agent, applications = 0, prefix = '' }: Observed,
  name: string,
  durationMs: number,
  { changing = 0 }: { readonly changing?: number } = {},
): Promise<Figures> {
  const changes = Math.floor(changing / 10);
  const [before, cpuBefore] = [await requests(plane), processUse(agent.pid).cpuSeconds];
  const startedAt = performance.now();
  for (let count = 0; count < changes; count += 1) {
    await changeOne(plane, { index: count, applications, prefix });
    const dueMs = (durationMs * (count + 1)) / changes;
    await pause(Math.max(0, dueMs - (performance.now() - startedAt)));
  }
  await pause(Math.max(0, durationMs - (performance.now() - startedAt)));
  const minutes = (performance.now() - startedAt) / MINUTE_MS;
  const use = processUse(agent.pid);
  // One read of ours before each change is left out: the change itself is the person's.
  const made = (await requests(plane)) - before - changes;
  return {
    [`${name}AgentRssBytes`]: use.rssBytes,
    [`${name}AgentCpuSecondsPerMinute`]: (use.cpuSeconds - cpuBefore) / minutes,
    [`${name}RequestsPerMinute`]: made / minutes,
    ...(changes > 0 && { [`${name}Changes`]: changes }),
  };
}

async function changeOne(
  { api }: ControlPlane,
  {
    index,
    applications,
    prefix,
  }: { readonly index: number; readonly applications: number; readonly prefix: string },
): Promise<void> {
  const application = index % applications;
  const namespaces = namespacesOf(applications, prefix);
  const perNamespace = Math.ceil(applications / namespaces.length);
  const namespace = namespaces[Math.floor(application / perNamespace)] ?? '';
  const name = `app-${String(application).padStart(5, '0')}`;
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=kubectl-edit`;
  const { status } = await api('PATCH', path, { data: { value: `by hand ${index}` } }, MERGE);
  if (status !== 200) throw new Error(`ConfigMap ${namespace}/${name}: the API server answered ${status}`);
}

async function requests({ api }: ControlPlane): Promise<number> {
  const { body } = await api<string>('GET', '/metrics');
  const { reads, writes } = countRequests(body, RESOURCES);
  return reads + writes;
}
