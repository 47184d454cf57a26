// kill -9 of the agent at each kind of request to the hub, from its very first start on.
import { describe, expect } from 'vitest';
import { faultCase } from './fault-case.ts';
import { eventsOf, faultStage, operationOf } from './fault-stage.ts';

const stage = faultStage();

const OPERATIONS = ['JoinCluster', 'AgentHello', 'Assignments', 'bundle', 'ReportInstances'];

/** The first request of that operation never reaches the hub, or its answer finds no living agent. */
interface Moment {
  readonly when: 'before' | 'after';
  readonly operation: string;
}

/** Joins a cluster, kills its agent at the moment and starts it again, and answers what was recorded up to release 2. */
async function storyOf(name: string, moment?: Moment): Promise<object> {
  const world = await stage.world(name);
  let agent = world.start();
  let isKilled = false;
  stage.link.disturb(async (request, carry) => {
    if (isKilled || operationOf(request) !== moment?.operation) return carry();
    isKilled = true;
    if (moment.when === 'after') await carry();
    await agent.end('SIGKILL');
    agent = world.start();
    return undefined;
  });
  await world.synced(1);
  await world.commit('two');
  await world.synced(2);
  expect(isKilled).toBe(moment !== undefined);
  expect(await world.text()).toBe('two');
  const { rows } = await stage.db.query(
    'select t.uses from cluster c join join_token t on t.id = c.join_token_id where c.name = $1',
    [name],
  );
  await agent.end();
  const kinds = (await eventsOf(stage.hub, name)).map(({ kind }) => kind);
  const ofRelease = kinds.filter((kind) => !kind.startsWith('promotion.'));
  return { uses: rows, kinds: ofRelease.toSorted() };
}

describe('kill -9', () => {
  faultCase('kill-agent-hub', async () => {
    const undisturbed = await storyOf('undisturbed');
    expect(undisturbed).toMatchObject({ uses: [{ uses: 1 }] });
    const moments = OPERATIONS.flatMap((operation): Moment[] => [
      { when: 'before', operation },
      { when: 'after', operation },
    ]);
    for (const moment of moments) {
      const name = `killed-${moment.when}-${moment.operation.toLowerCase()}`;
      expect(await storyOf(name, moment), name).toEqual(undisturbed);
    }
    const told = moments.map(({ when, operation }) => `${when} ${operation}`);
    return `killed ${told.length} times: ${told.join(', ')}`;
  });
});
