// Two agents, two clusters or two opinions where there should be one.
import { describe, expect } from 'vitest';
import { startSimulatedCluster } from '../../../sim/src/simulated-cluster.ts';
import { createJoinToken } from '../../support/agent-client.ts';
import { startAgentProcess } from '../../support/agent-process.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import { connectionIs, faultStage, PATIENT } from './fault-stage.ts';

const stage = faultStage();

describe('two of one', () => {
  faultCase('two-agents', async () => {
    const world = await stage.world('twins');
    const first = world.start();
    await world.synced(1);
    const second = world.start();
    expect(await first.exited).toBe(5);
    expect(first.said('run one agent per cluster')).toBe(true);
    await until('the second to be connected', () => second.said('connected to the hub'));
    await world.commit('by one alone');
    await world.synced(2);
    expect(await world.text()).toBe('by one alone');
    return 'the first ended with 5: another agent of this cluster has begun a newer session';
  });

  faultCase('rebuilt-cluster', async () => {
    const world = await stage.world('rebuilt');
    const old = world.start();
    await world.synced(1);
    const cluster = await startSimulatedCluster({ name: 'rebuilt' });
    const folder = mkdtempSync(join(tmpdir(), 'fairlead-rebuilt-'));
    try {
      writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(cluster.kubeconfig));
      const startWith = async (input: Record<string, unknown>) =>
        startAgentProcess({
          FAIRLEAD_HUB_URL: stage.link.url,
          FAIRLEAD_JOIN_TOKEN: await createJoinToken(stage.hub, { clusterName: 'rebuilt', ...input }),
          FAIRLEAD_BUNDLE_DIR: join(folder, 'bundles'),
          KUBECONFIG: join(folder, 'kubeconfig'),
        });
      const refused = await startWith({});
      expect(await refused.exited).toBe(3);
      const reason = /\((CLUSTER_\w+|NAME_\w+|JOIN_\w+)\)/.exec(refused.output())?.[1];
      expect(reason).toBeDefined();
      const agent = await startWith({ replaces: 'rebuilt' });
      await until(
        'the new cluster to have everything',
        async () => {
          const answer = await fetch(`${cluster.server}/api/v1/namespaces/shop/configmaps/settings`, {
            headers: { authorization: `Bearer ${cluster.token}` },
          });
          if (answer.status === 200) return true;
          throw new Error(`${answer.status}, and the agent said:\n${agent.output()}`);
        },
        PATIENT,
      );
      await until('the old agent to be told', () => old.output().includes('"level":"error"'), PATIENT);
      await world.synced(1);
      await connectionIs(world, 'ONLINE');
      expect(await world.text()).toBe('one');
      await agent.end('SIGKILL');
      return `refused with ${reason ?? ''} without consent, then in the old one’s place`;
    } finally {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  faultCase('cluster-revoked', async () => {
    const world = await stage.world('revoked');
    const agent = world.start();
    await world.synced(1);
    await stage.hub.graphql(
      'mutation { revokeCluster(name: "revoked", reason: "stolen") { refusal { message } } }',
    );
    expect(await agent.exited).toBe(4);
    expect(agent.said('what runs stays as it is')).toBe(true);
    expect(await world.text()).toBe('one');
    expect(await world.start().exited).toBe(4);
    return 'ended with 4 at once, and again at its next start; what ran stays';
  });

  faultCase('cluster-deleted', async () => {
    const world = await stage.world('deleted');
    const first = world.start();
    await world.synced(1);
    await first.end();
    const { deleteCluster } = await stage.hub.graphql<{ deleteCluster: { refusal: unknown } }>(
      'mutation { deleteCluster(name: "deleted", confirmRemovals: 1, prune: false) { refusal { code message } } }',
    );
    expect(deleteCluster.refusal).toBeNull();
    const second = world.start({ FAIRLEAD_JOIN_TOKEN: '' });
    await until('the refusal', () => second.output().includes('CLUSTER_UNKNOWN'), PATIENT);
    expect(await world.text()).toBe('one');
    expect(second.said('pruned')).toBe(false);
    return 'refused with CLUSTER_UNKNOWN; what ran stays';
  });
});
