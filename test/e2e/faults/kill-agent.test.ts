// kill -9 of the agent at each request to its API server.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { describe, expect } from 'vitest';
import type { AgentProcess } from '../../support/agent-process.ts';
import type { AgentWorld } from '../../support/agent-world.ts';
import { startFaultyLink, type FaultyLink, type SeenRequest } from '../../support/faulty-link.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';
import {
  addApplication,
  configMap,
  configMapPath,
  deleteApplication,
  faultStage,
  ownedConfigMaps,
  PATIENT,
  quiet,
  textOf,
} from './fault-stage.ts';
import { beginRollout, endOfRollout, type EndState } from './rollout.ts';

const stage = faultStage();

/** A world whose agent reaches its API server through a link. */
async function linkedWorld(name: string, files: Record<string, string> = {}) {
  let api: FaultyLink | undefined;
  const world = await stage.world(name, {
    files,
    reach: async (server) => (api = await startFaultyLink(server)).url,
  });
  if (!api) throw new Error('the world never asked for its API server');
  return { world, api };
}

const wordsOf = ({ method, path }: SeenRequest): string => {
  const [kind, name] = path.split('?')[0]?.split('/').slice(-2) ?? [];
  return `${method} ${kind}/${name?.replace(/[0-9a-f]{32}|\d+$/, '…')}`;
};

/** Keeps an agent running: where it was killed it is started again. */
function supervised(world: AgentWorld): { current(): AgentProcess; end(): void } {
  const kept = { agent: world.start(), isOver: false };
  const watch = async (): Promise<void> => {
    while (!kept.isOver) {
      await kept.agent.exited;
      if (!kept.isOver) kept.agent = world.start();
    }
  };
  void watch();
  return { current: () => kept.agent, end: () => (kept.isOver = true) };
}

/** Kills at the `n`-th request that changes or reads anything (watches aside), before or after the server had it. */
function armed(api: FaultyLink, n: number, when: 'before' | 'after', agent: AgentProcess) {
  let count = 0;
  let reached: string | undefined;
  api.disturb(async (request, carry) => {
    if (request.path.includes('watch=true')) return carry();
    count += 1;
    if (count !== n) return carry();
    reached = `${when} ${wordsOf(request)}`;
    if (when === 'after') await carry();
    await agent.end('SIGKILL');
    return undefined;
  });
  return () => {
    api.disturb(undefined);
    return reached;
  };
}

describe('kill -9', () => {
  faultCase('kill-agent-requests', async () => {
    const { world, api } = await linkedWorld('killed-agent');
    const agent = supervised(world);
    await world.synced(1);
    let release = 1;
    const rollOut = async (): Promise<EndState> => {
      release += 1;
      await beginRollout(stage.hub, world, release);
      return endOfRollout(stage.hub, stage.hub.databaseUrl, world, release);
    };
    const undisturbed = await rollOut();
    const killedAt: string[] = [];
    for (const when of ['before', 'after'] as const) {
      for (let n = 1; ; n += 1) {
        await quiet(api);
        const disarm = armed(api, n, when, agent.current());
        const end = await rollOut();
        const reached = disarm();
        if (reached === undefined) break;
        killedAt.push(reached);
        expect(end, reached).toEqual(undisturbed);
      }
    }
    agent.end();
    await api.stop();
    expect(killedAt.join()).toMatch(/after PUT secrets.*after PATCH configmaps.*after DELETE configmaps/);
    return `killed ${killedAt.length} times: ${killedAt.join(', ')}`;
  });

  faultCase('kill-agent-removal', async () => {
    const { world, api } = await linkedWorld('removed');
    const agent = supervised(world);
    await world.synced(1);
    const killedAt: string[] = [];
    for (const when of ['before', 'after'] as const) {
      for (let n = 1; ; n += 1) {
        const application = `removed-${when}-${n}`;
        await addRunning(world, application);
        await quiet(api);
        const disarm = armed(api, n, when, agent.current());
        await deleteApplication(stage.hub, application);
        await gone(world, application);
        const reached = disarm();
        if (reached === undefined) break;
        killedAt.push(reached);
      }
    }
    agent.end();
    await api.stop();
    expect(await ownedConfigMaps(world, INSTANCE_LABEL)).toEqual(['settings']);
    expect(await inventories(world)).toBe(1);
    return `killed ${killedAt.length} times: ${killedAt.join(', ')}`;
  });
});

/** An application with two ConfigMaps that runs. */
async function addRunning(world: AgentWorld, name: string): Promise<void> {
  await addApplication(stage.hub, world, name, {
    'one.yaml': configMap(`${name}-one`, 'x'),
    'two.yaml': configMap(`${name}-two`, 'x'),
  });
  await until(
    `${name} to be synced`,
    async () => {
      const { rows } = await stage.db.query(
        `select from instance i join instance_status s on s.instance_id = i.id
          where i.application_name = $1 and s.sync = 'SYNCED'`,
        [name],
      );
      return rows.length === 1;
    },
    PATIENT,
  );
}

const inventories = async (world: AgentWorld): Promise<number> => {
  const { items } = (await world.ask(
    'GET',
    '/api/v1/namespaces/fairlead-agent/secrets?labelSelector=fairlead.dev%2Finventory',
  )) as unknown as { readonly items: readonly unknown[] };
  return items.length;
};

/** The hub has buried it, and the cluster has neither its objects nor its inventory. */
async function gone(world: AgentWorld, name: string): Promise<void> {
  await until(
    `${name} to be buried`,
    async () => {
      const { rows } = await stage.db.query('select from instance where application_name = $1', [name]);
      return rows.length === 0;
    },
    PATIENT,
  );
  expect(await textOf(world, `${name}-one`)).toBeUndefined();
  expect(await world.ask('GET', configMapPath(`${name}-two`))).toBeUndefined();
  expect(await inventories(world)).toBe(1);
}
