// One rollout that is the same every time but for its number, and its end state with the number taken out of it: what
// a disturbed one is compared with.
import { INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { Client } from 'pg';
import type { AgentWorld, WorldHub } from '../../support/agent-world.ts';
import { patiently } from '../../support/killable-hub.ts';
import { until } from '../../support/until.ts';
import { configMap, eventsOf, ownedConfigMaps, PATIENT, textOf } from './fault-stage.ts';

/** Cluster and hub after a rollout. Two that went well are equal. */
export interface EndState {
  readonly objects: Readonly<Record<string, string | undefined>>;
  readonly inventories: number;
  readonly events: readonly string[];
  readonly promotions: readonly string[];
  readonly instances: readonly object[];
  readonly counts: object | undefined;
}

/** The files of release `number`: one object changes, one is new, and the one that was new before is gone. */
const filesOf = (number: number) => ({
  'settings.yaml': configMap('settings', `release ${number}`),
  [`extra-${number - 1}.yaml`]: null,
  [`extra-${number}.yaml`]: configMap(`extra-${number}`, 'new'),
});

/** Commits what makes release `number`; the hub may be away at any moment of it. */
export async function beginRollout(hub: WorldHub, world: AgentWorld, number: number): Promise<void> {
  const files = Object.entries(filesOf(number)).map(([path, text]) => [`app/${path}`, text]);
  world.repository.commit(Object.fromEntries(files) as Record<string, string | null>);
  await patiently('the hub to look at the repository', () =>
    hub.graphql('mutation ($name: String!) { refreshApplication(name: $name) { refusal { message } } }', {
      name: world.name,
    }),
  );
}

/** Waits until hub and cluster say that the rollout of `number` is over, and takes the number out of what they say. */
export async function endOfRollout(
  hub: WorldHub,
  databaseUrl: string,
  world: AgentWorld,
  number: number,
): Promise<EndState> {
  await world.synced(number);
  await until(
    `the promotion of release ${number} to succeed`,
    async () =>
      (await eventsOf(hub, world.name)).some(
        ({ kind, message }) => kind === 'promotion.succeeded' && message.startsWith(`Release ${number} of `),
      ),
    PATIENT,
  );
  return {
    ...(await clusterState(world, number)),
    events: await eventsOfRelease(hub, world.name, number),
    ...(await databaseState(databaseUrl, world.name)),
  };
}

async function clusterState(world: AgentWorld, number: number) {
  const names = await ownedConfigMaps(world, INSTANCE_LABEL);
  const entries = await Promise.all(
    names.map(async (name) => [
      withoutNumber(name, number),
      withoutNumber(await textOf(world, name), number),
    ]),
  );
  const { items } = (await world.ask(
    'GET',
    '/api/v1/namespaces/fairlead-agent/secrets?labelSelector=fairlead.dev%2Finventory',
  )) as unknown as { readonly items: readonly unknown[] };
  return { objects: Object.fromEntries(entries) as EndState['objects'], inventories: items.length };
}

function withoutNumber(text: string | undefined, number: number): string | undefined {
  return text?.replaceAll(String(number), 'N');
}

async function eventsOfRelease(hub: WorldHub, application: string, number: number): Promise<string[]> {
  const events = await eventsOf(hub, application);
  const named = new RegExp(`[Rr]elease ${number}\\b`);
  return events
    .filter(({ message }) => named.test(message))
    .map(({ kind }) => kind)
    .toSorted();
}

async function databaseState(databaseUrl: string, application: string) {
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const promotions = await db.query<{ told: string }>(
      `select p.intent || ' ' || p.state || ' ' || t.state as told from promotion p
         join application a on a.id = p.application_id and a.name = $1
         left join promotion_target t on t.promotion_id = p.id
        where p.id = (select max(id) from promotion where application_id = a.id)`,
      [application],
    );
    const instances = await db.query<object>(
      `select i.tombstone, s.sync, s.health, s.drift_count, s.generation = i.generation as is_newest
         from instance i left join instance_status s on s.instance_id = i.id where i.application_name = $1`,
      [application],
    );
    const counts = await db.query<object>(
      `select r.instances, r.synced, r.out_of_sync, r.syncing, r.failed, r.healthy, r.missing, r.drifted
         from slot_rollup r join application a on a.id = r.application_id where a.name = $1`,
      [application],
    );
    return {
      promotions: promotions.rows.map(({ told }) => told),
      instances: instances.rows,
      counts: counts.rows[0],
    };
  } finally {
    await db.end();
  }
}

/** Calls `then` once, as soon as the database has an event of that kind about release `number`. Returns how to end that. */
export function whenRecorded(
  databaseUrl: string,
  { kind, number, application }: { kind: string; number: number; application: string },
  then: () => void,
): () => Promise<void> {
  const watching = { goesOn: true };
  const watch = async (): Promise<void> => {
    const db = new Client({ connectionString: databaseUrl });
    // It may be the database itself that is killed.
    db.on('error', () => undefined);
    await db.connect();
    while (watching.goesOn) {
      const { rows } = await db.query(
        'select from event where kind = $1 and application = $2 and message ~ $3',
        [kind, application, `[Rr]elease ${number}\\M`],
      );
      if (rows.length > 0) {
        watching.goesOn = false;
        then();
      }
    }
    await db.end();
  };
  const watched = watch();
  return async () => {
    watching.goesOn = false;
    await watched;
  };
}
