// What a person would describe to the hub before a benchmark: join tokens, one environment, one policy, applications.
import type { HubApi } from '../../demo/hub-api.ts';

/** The only environment; all clusters of a benchmark are in it. */
export const ENVIRONMENT = 'production';

const POLICY = 'straight-on';
const REFUSAL = 'refusal { code message reasons }';

/** A token with which this many clusters of a name pattern join, with a label `kind`. */
export async function inviteClusters(
  api: HubApi,
  pattern: string,
  count: number,
  kind = 'steady',
): Promise<string> {
  const input = { clusterName: pattern, maxUses: count, labels: { fleet: 'bench', kind } };
  const operation = `mutation ($input: CreateJoinTokenInput!) { createJoinToken(input: $input) { secret ${REFUSAL} } }`;
  return (await api.change<{ secret: string }>('createJoinToken', operation, { input })).secret;
}

/** The environment with all clusters, and a policy that brings each release there by itself. */
export function describeWay(api: HubApi): Promise<void> {
  return saveWay(api, { environment: ENVIRONMENT, trigger: 'AUTOMATIC' });
}

/** An environment, all clusters unless a selector says otherwise, and a policy of this one step. */
export async function saveWay(
  api: HubApi,
  step: Readonly<Record<string, unknown>> & { readonly environment: string },
  { policy = POLICY, selector = 'fleet=bench' } = {},
): Promise<void> {
  await save(api, 'Environment', { name: step.environment, selector });
  await save(api, 'Policy', { name: policy, steps: [step] });
}

/** An application that is one folder of plain manifests, with a policy of its own where it names one. */
export interface PlainApplication {
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
  readonly policy?: string;
}

/** The repository and its applications, a few at a time. */
export async function saveApplications(
  api: HubApi,
  repository: string,
  applications: readonly PlainApplication[],
): Promise<void> {
  await save(api, 'Repository', { url: repository });
  const waiting = [...applications];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const source = { repository, ref: 'main', path: next.folder, renderer: 'PLAIN' };
      const { name, namespace, policy = POLICY } = next;
      await save(api, 'Application', { name, namespace, policy, source });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

async function save(
  api: HubApi,
  what: 'Environment' | 'Policy' | 'Repository' | 'Application',
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const operation = `mutation ($input: ${what}Input!) { save${what}(input: $input) { ${REFUSAL} } }`;
  await api.change(`save${what}`, operation, { input });
}
