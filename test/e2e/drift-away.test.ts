// Drift that comes and goes while the hub cannot be reached: each episode is told once, with its own times, also when
// the agent dies before it can tell.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../support/agent-world.ts';
import { startFaultyLink, type FaultyLink } from '../support/faulty-link.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const CHANGES = 10;
// Times are stored in whole milliseconds.
const ROUNDING_MS = 1;

const EPISODES = /* GraphQL */ `
  query ($filter: DriftFilter!) {
    driftEpisodes(filter: $filter, first: 100) {
      nodes {
        object {
          name
        }
        path
        manager
        openedAt
        closedAt
        closedBy
      }
    }
  }
`;

interface Episode {
  readonly object: { readonly name: string };
  readonly path: string | null;
  readonly manager: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

let hub: TestHub;
let link: FaultyLink;
let world: AgentWorld;
const folder = mkdtempSync(join(tmpdir(), 'fairlead-drift-away-'));
const start = () => world.start({ FAIRLEAD_BUNDLE_DIR: folder });

const names = Array.from({ length: CHANGES }, (_, index) => `told-${index}`);
const pathOf = (name: string) => `/api/v1/namespaces/shop/configmaps/${name}`;
const valueOf = async (name: string) =>
  ((await world.ask('GET', pathOf(name)))?.['data'] as { a?: string } | undefined)?.a;

/** Changes the object by hand and waits until it is healed; between which times that was. */
async function change(name: string): Promise<{ fromMs: number; toMs: number }> {
  const live = await until('the object', () => world.ask('GET', pathOf(name)));
  const fromMs = Date.now();
  await world.ask('PUT', `${pathOf(name)}?fieldManager=kubectl-replace`, { ...live, data: { a: 'by hand' } });
  await until(`${name} to be healed`, async () => (await valueOf(name)) === 'git');
  return { fromMs, toMs: Date.now() };
}

async function episodes(): Promise<readonly Episode[]> {
  const answer = await hub.graphql<{ driftEpisodes: { nodes: readonly Episode[] } }>(EPISODES, {
    filter: { application: world.name },
  });
  return answer.driftEpisodes.nodes;
}

beforeAll(async () => {
  hub = await startTestHub();
  link = await startFaultyLink(hub.url);
  const files = Object.fromEntries(
    names.map((name) => [
      `${name}.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { a: git }\n`,
    ]),
  );
  world = await startAgentWorld(hub, link.url, 'drift-away', { files });
});

afterAll(async () => {
  await world?.stop();
  await link?.stop();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('tells every episode once, with its own times, after a hub that was away and an agent that was killed', async () => {
  const first = start();
  await world.synced(1);
  link.setDown(true);
  const times = new Map<string, { fromMs: number; toMs: number }>();
  for (const name of names.slice(0, CHANGES - 3)) times.set(name, await change(name));
  // A healing is seen in the cluster some milliseconds before the agent has its answer and has noted it.
  await until('all to be on disk', () => {
    const onDisk = readFileSync(join(folder, 'drift-episodes.json'), 'utf8');
    return [...times.keys()].every((name) => onDisk.includes(`"${name}"`));
  });
  await first.end('SIGKILL');
  const second = start();
  for (const name of names.slice(CHANGES - 3)) times.set(name, await change(name));
  expect(await episodes()).toEqual([]);
  link.setDown(false);
  const isTold = async () => {
    const { length } = await episodes();
    if (length >= CHANGES) return true;
    throw new Error(`${length} are known, and the agent said:
${second.output()}`);
  };
  await until('the hub to know of all', isTold, { timeoutMs: 60_000 });
  const told = await episodes();
  expect(told.map(({ object }) => object.name).sort((a, b) => a.localeCompare(b))).toEqual(names);
  for (const { object, path, manager, openedAt, closedAt, closedBy } of told) {
    const { fromMs = 0, toMs = 0 } = times.get(object.name) ?? {};
    expect({ path, manager, closedBy }).toEqual({
      path: 'data.a',
      manager: 'kubectl-replace',
      closedBy: 'HEALED',
    });
    expect(Date.parse(openedAt)).toBeGreaterThanOrEqual(fromMs - ROUNDING_MS);
    expect(Date.parse(closedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(openedAt));
    expect(Date.parse(openedAt)).toBeLessThanOrEqual(toMs);
  }
});

it('tells none twice where the answer to a report is lost', async () => {
  link.loseAnswerTo((request) => request.body.includes('"operationName":"ReportInstances"'));
  await change('told-0');
  await until('the hub to know of it', async () => (await episodes()).length > CHANGES, {
    timeoutMs: 60_000,
  });
  // One more that comes later: had the first been told twice, both would be there by now.
  await change('told-1');
  await until('the hub to know of the next', async () => (await episodes()).length > CHANGES + 1, {
    timeoutMs: 60_000,
  });
  expect(await episodes()).toHaveLength(CHANGES + 2);
});
