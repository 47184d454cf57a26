// How the agent's process ends where it cannot begin: each with a code of its own and with words that say what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { createJoinToken, joinCluster } from '../support/agent-client.ts';
import { startAgentProcess, type AgentProcess } from '../support/agent-process.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const MISCONFIGURED = 2;
const JOIN_REFUSED = 3;

let hub: TestHub;
let cluster: SimulatedCluster;
let folder: string;
let agent: AgentProcess | undefined;

beforeAll(async () => {
  hub = await startTestHub();
  cluster = await startSimulatedCluster({ name: 'start' });
  folder = mkdtempSync(join(tmpdir(), 'fairlead-agent-start-'));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(cluster.kubeconfig));
});
afterEach(() => agent?.end('SIGKILL'));
afterAll(async () => {
  await hub?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (changed: Readonly<Record<string, string>>): AgentProcess => {
  const usual = {
    FAIRLEAD_HUB_URL: hub.url,
    FAIRLEAD_BUNDLE_DIR: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
  return (agent = startAgentProcess({ ...usual, ...changed }));
};

const mutate = (mutation: string) => hub.graphql(`mutation { ${mutation} }`);

/** The id of the one token for that name. */
async function tokenId(clusterName: string): Promise<string> {
  const { joinTokens } = await hub.graphql<{ joinTokens: { nodes: { id: string; clusterName: string }[] } }>(
    '{ joinTokens(first: 500) { nodes { id clusterName } } }',
  );
  return joinTokens.nodes.find((token) => token.clusterName === clusterName)?.id ?? 'none';
}

async function clusterNames(): Promise<readonly string[]> {
  const { clusters } = await hub.graphql<{ clusters: { nodes: { name: string }[] } }>(
    '{ clusters(first: 500) { nodes { name } } }',
  );
  return clusters.nodes.map(({ name }) => name);
}

const badTokens: readonly [what: string, code: string, clusterName: string, make: () => Promise<string>][] = [
  ['an unknown one', 'JOIN_TOKEN_UNKNOWN', 'unknown', () => Promise.resolve('fl_join_nobodymadethis')],
  [
    'one that has expired',
    'JOIN_TOKEN_EXPIRED',
    'late',
    async () => {
      const token = await createJoinToken(hub, { clusterName: 'late', expiresIn: '1s' });
      await until('it to expire', async () => {
        const answer = await hub.graphql<{ joinTokens: { nodes: { clusterName: string }[] } }>(
          '{ joinTokens(active: true, first: 500) { nodes { clusterName } } }',
        );
        return !answer.joinTokens.nodes.some(({ clusterName }) => clusterName === 'late');
      });
      return token;
    },
  ],
  [
    'one that is used up',
    'JOIN_TOKEN_USED_UP',
    'used-2',
    async () => {
      const token = await createJoinToken(hub, { clusterName: 'used-*' });
      await joinCluster(hub, token, { clusterName: 'used-1' });
      return token;
    },
  ],
  [
    'one that was revoked',
    'JOIN_TOKEN_REVOKED',
    'revoked',
    async () => {
      const token = await createJoinToken(hub, { clusterName: 'revoked' });
      await mutate(`revokeJoinToken(id: "${await tokenId('revoked')}") { refusal { code } }`);
      return token;
    },
  ],
  [
    'one for another name',
    'CLUSTER_NAME_MISMATCH',
    'mine',
    () => createJoinToken(hub, { clusterName: 'somebody-elses' }),
  ],
  [
    'one for the name of a cluster that is there',
    'CLUSTER_NAME_TAKEN',
    'taken',
    async () => {
      await joinCluster(hub, await createJoinToken(hub, { clusterName: 'taken' }));
      return createJoinToken(hub, { clusterName: 'taken' });
    },
  ],
];

describe('an agent with a join token that does not fit', () => {
  it.each(badTokens)(
    '%s: ends with %s, enrols nothing, and keeps the token out of its log',
    async (...[, code, clusterName, make]) => {
      const token = await make();
      const before = await clusterNames();
      const started = start({ FAIRLEAD_JOIN_TOKEN: token, FAIRLEAD_CLUSTER_NAME: clusterName });
      expect(await started.exited, started.output()).toBe(JOIN_REFUSED);
      expect(started.output()).toContain(code);
      expect(started.output()).not.toContain(token);
      expect(await clusterNames()).toEqual(before);
    },
  );

  it('joins with the right one afterwards, under the name that the environment gives', async () => {
    const token = await createJoinToken(hub, { clusterName: 'right-*' });
    const started = start({ FAIRLEAD_JOIN_TOKEN: token, FAIRLEAD_CLUSTER_NAME: 'right-1' });
    await until('it to be connected', () => started.said('connected to the hub'), { timeoutMs: 30_000 });
    const { cluster: enrolled } = await hub.graphql<{ cluster: { connectionState: string } }>(
      '{ cluster(name: "right-1") { connectionState } }',
    );
    expect(enrolled.connectionState).toBe('ONLINE');
  });
});

describe('an agent whose environment is wrong', () => {
  it('names every problem at once', async () => {
    const wrong = { FAIRLEAD_HUB_URL: 'ftp://hub', FAIRLEAD_AGENT_PORT: 'x', FAIRLEAD_NAMESPACE: 'No Name' };
    const started = start(wrong);
    expect(await started.exited).toBe(MISCONFIGURED);
    for (const variable of Object.keys(wrong)) expect(started.output()).toContain(variable);
  });

  it('names the kubeconfig that cannot be read', async () => {
    const started = start({ KUBECONFIG: join(folder, 'nowhere') });
    expect(await started.exited).not.toBe(0);
    expect(started.output()).toMatch(/nowhere/);
  });
});
