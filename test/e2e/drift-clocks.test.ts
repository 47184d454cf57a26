// An agent whose clock is a day ahead of the hub's: what a person accepts for an hour stays for an hour, what he asks to
// heal is healed, and times are the hub's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentProcess } from '../support/agent-process.ts';
import { startAgentWorld, type AgentWorld } from '../support/agent-world.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { clockOfProcess } from '../support/shifted-clock.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
// What it takes for an answer's whole seconds to be no difference of the clocks.
const TOLERATED_MS = 2_500;
const SETTINGS = '/api/v1/namespaces/shop/configmaps/settings';
const ITEMS = /* GraphQL */ `
  query ($filter: DriftFilter!) {
    driftItems(filter: $filter, first: 10) {
      nodes {
        path
        firstSeenAt
      }
    }
  }
`;

interface Item {
  readonly path: string;
  readonly firstSeenAt: string;
}

const folder = mkdtempSync(join(tmpdir(), 'fairlead-drift-clock-'));
let hub: TestHub;
let world: AgentWorld;
let agent: AgentProcess;

beforeAll(async () => {
  hub = await startTestHub();
  world = await startAgentWorld(hub, hub.url, 'day-ahead');
  const clock = clockOfProcess(join(folder, 'ahead'), DAY_MS);
  agent = world.start(clock.settings, [clock.preload]);
  await world.synced(1);
});

afterAll(async () => {
  await world?.stop();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const assigned = (): number => agent.log.filter(({ message }) => message === 'assigned').length;
const open = async (filter: object): Promise<readonly Item[]> => {
  const answer = await hub.graphql<{ driftItems: { nodes: readonly Item[] } }>(ITEMS, {
    filter: { application: world.name, ...filter },
  });
  return answer.driftItems.nodes;
};

/** Orders something, waits until the agent has it, and then changes the object by hand. */
async function changeAfter(mutation: string, variables: Readonly<Record<string, unknown>>): Promise<void> {
  const before = assigned();
  await hub.graphql(mutation, variables);
  await until('the agent to know', () => assigned() > before);
  const live = await world.ask('GET', SETTINGS);
  await world.ask('PUT', `${SETTINGS}?fieldManager=kubectl-replace`, { ...live, data: { text: 'by hand' } });
}

it('keeps what is accepted until the hub’s time, and tells times by the hub’s clock', async () => {
  const fromMs = Date.now();
  await changeAfter(
    'mutation ($input: DriftExceptionInput!) { acceptDrift(input: $input) { exception { id } } }',
    {
      input: {
        filter: { application: world.name, path: 'data.text' },
        reason: 'a test',
        until: new Date(fromMs + HOUR_MS).toISOString(),
      },
    },
  );
  const [item] = await until('the accepted difference', async () => {
    const items = await open({ excepted: true });
    return items.length > 0 && items;
  });
  expect(await world.text()).toBe('by hand');
  const seenAtMs = Date.parse(item?.firstSeenAt ?? '');
  expect(seenAtMs).toBeGreaterThan(fromMs - TOLERATED_MS);
  expect(seenAtMs).toBeLessThan(Date.now() + TOLERATED_MS);
  await hub.graphql(`mutation ($id: ID!) { endDriftException(id: $id) { refusal { message } } }`, {
    id: await exceptionId(),
  });
  await until('it to be healed', async () => (await world.text()) === 'one');
});

it('heals at the word of a person, which expires by the hub’s clock', async () => {
  await changeAfter(
    'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { message } } }',
    {
      input: {
        name: world.name,
        namespace: 'shop',
        policy: world.name,
        source: { repository: world.repository.url, ref: 'main', path: 'app' },
        syncPolicy: { drift: 'REPORT' },
      },
    },
  );
  await until('the difference', async () => (await open({ path: 'data.text' })).length > 0);
  expect(await world.text()).toBe('by hand');
  await hub.graphql('mutation ($filter: DriftFilter!) { healDrift(filter: $filter) { instances } }', {
    filter: { application: world.name },
  });
  await until('it to be healed', async () => (await world.text()) === 'one');
});

async function exceptionId(): Promise<string | undefined> {
  const { driftExceptions } = await hub.graphql<{ driftExceptions: { nodes: readonly { id: string }[] } }>(
    '{ driftExceptions(active: true, first: 10) { nodes { id } } }',
  );
  return driftExceptions.nodes[0]?.id;
}
