// What a file of fault cases plays on: a hub, a link to it that can fail, a look into its database, and worlds.
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  startAgentWorld,
  type AgentWorld,
  type WorldHub,
  type WorldOptions,
} from '../../support/agent-world.ts';
import { startFaultyLink, type FaultyLink, type SeenRequest } from '../../support/faulty-link.ts';
import { startTestHub, type TestHub } from '../../support/hub.ts';
import { until } from '../../support/until.ts';

/** One stage a file; its members are there from `beforeAll` on. */
export interface FaultStage {
  readonly hub: TestHub;
  readonly link: FaultyLink;
  readonly db: Client;
  /** A world behind the link, which ends with the test. */
  world(name: string, options?: WorldOptions): Promise<AgentWorld>;
}

/** Starts a hub in this process for the file, and puts the link in order after each test. */
export function faultStage(environment: Readonly<Record<string, string>> = {}): FaultStage {
  let parts: Pick<FaultStage, 'hub' | 'link' | 'db'> | undefined;
  let worlds: AgentWorld[] = [];
  const there = (): Pick<FaultStage, 'hub' | 'link' | 'db'> => {
    if (!parts) throw new Error('the stage is used before beforeAll');
    return parts;
  };
  beforeAll(async () => {
    const hub = await startTestHub(environment);
    const db = new Client({ connectionString: hub.databaseUrl });
    await db.connect();
    parts = { hub, db, link: await startFaultyLink(hub.url) };
  });
  afterEach(async () => {
    mend(there().link);
    await Promise.all(worlds.map((each) => each.stop()));
    worlds = [];
  });
  afterAll(async () => {
    await parts?.db.end();
    await parts?.link.stop();
    await parts?.hub.stop();
  });
  return {
    get hub() {
      return there().hub;
    },
    get link() {
      return there().link;
    },
    get db() {
      return there().db;
    },
    async world(name, options) {
      const world = await startAgentWorld(there().hub, there().link.url, name, options);
      worlds.push(world);
      return world;
    },
  };
}

/** A network that does what it should. */
export function mend(link: FaultyLink): void {
  link.setFrozen(false);
  link.setDown(false);
  link.disturb(undefined);
  link.disturbSockets(undefined);
}

/** Chooses requests by the name of their GraphQL operation; `bundle` chooses downloads. */
export const isOf =
  (operation: string) =>
  ({ path, body }: SeenRequest): boolean =>
    operation === 'bundle' ? path.startsWith('/bundles/') : body.includes(`"operationName":"${operation}"`);

/** The operation of a request, as `isOf` chooses it. */
export function operationOf({ path, body }: SeenRequest): string {
  if (path.startsWith('/bundles/')) return 'bundle';
  return /"operationName":"(\w+)"/.exec(body)?.[1] ?? path;
}

/** An event of the hub, the oldest first. */
export interface ToldEvent {
  readonly kind: string;
  readonly message: string;
  readonly cluster: string | null;
}

/** What the hub recorded of an application. */
export async function eventsOf(hub: WorldHub, application: string): Promise<readonly ToldEvent[]> {
  const { activity } = await hub.graphql<{ activity: { nodes: ToldEvent[] } }>(
    `query ($application: String) { activity(filter: { application: $application }, first: 500) {
       nodes { kind message cluster } } }`,
    { application },
  );
  return activity.nodes.toReversed();
}

/** Waits until nothing has come through for a while: what was under way is over. */
export async function quiet(link: FaultyLink): Promise<void> {
  let before = -1;
  const isQuiet = (): boolean => {
    const [last, now] = [before, link.seen.length];
    before = now;
    return last === now;
  };
  await until('the link to be quiet', isQuiet, { intervalMs: 400, timeoutMs: 180_000 });
}

/** Waits longer than for what a person would call at once. */
export const PATIENT = { timeoutMs: 180_000 };

/** Waits until the hub calls the cluster that. */
export function connectionIs(world: AgentWorld, state: string, timeoutMs = 180_000): Promise<unknown> {
  return until(
    `${world.name} to be ${state}`,
    async () => {
      const found = await world.connectionState();
      if (found === state) return true;
      throw new Error(`it is ${found}`);
    },
    { timeoutMs },
  );
}

/** A ConfigMap's manifest. */
export const configMap = (name: string, text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: "${text}" }\n`;

/** Where the cluster has it. */
export const configMapPath = (name: string): string => `/api/v1/namespaces/shop/configmaps/${name}`;

/** What a ConfigMap in the cluster says; undefined where there is none. */
export async function textOf(world: AgentWorld, name: string): Promise<string | undefined> {
  const found = await world.ask('GET', configMapPath(name));
  return (found?.['data'] as Record<string, string> | undefined)?.['text'];
}

/** The names of the ConfigMaps in the world's namespace that carry a Fairlead label, sorted. */
export async function ownedConfigMaps(world: AgentWorld, label: string): Promise<readonly string[]> {
  const list = (await world.ask('GET', '/api/v1/namespaces/shop/configmaps')) as unknown as {
    readonly items: readonly { readonly metadata: { readonly name: string; readonly labels?: object } }[];
  };
  return list.items
    .filter(({ metadata }) => Object.hasOwn(metadata.labels ?? {}, label))
    .map(({ metadata }) => metadata.name)
    .toSorted();
}

/** Adds an application to the world's environment: the files of a folder of its own in the world's repository. */
export async function addApplication(
  hub: WorldHub,
  world: AgentWorld,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  world.repository.commit(
    Object.fromEntries(Object.entries(files).map(([file, text]) => [`${name}/${file}`, text])),
  );
  const source = { repository: world.repository.url, ref: 'main', path: name };
  const { saveApplication } = await hub.graphql<{
    saveApplication: { refusal: { message: string } | null };
  }>(
    `mutation ($input: ApplicationInput!, $name: String!) {
       saveApplication(input: $input) { refusal { message } }
       refreshApplication(name: $name) { refusal { message } } }`,
    { name, input: { name, namespace: 'shop', policy: world.name, source } },
  );
  if (saveApplication.refusal) throw new Error(saveApplication.refusal.message);
}

/** Deletes an application, its one instance with it. */
export async function deleteApplication(hub: WorldHub, name: string): Promise<void> {
  const { deleteApplication: deleted } = await hub.graphql<{
    deleteApplication: { refusal: { message: string } | null };
  }>(
    'mutation ($name: String!) { deleteApplication(name: $name, confirmRemovals: 1) { refusal { message } } }',
    { name },
  );
  if (deleted.refusal) throw new Error(deleted.refusal.message);
}
