// An agent that reaches for what belongs to another cluster gets nothing, and the hub's log says so.
import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { encodeCursor } from '../../../src/platform/graphql/cursor.ts';
import { enrol, renew, sayHello } from '../../support/agent-client.ts';
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import { hubClient, type TestHub } from '../../support/hub.ts';
import { startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { until } from '../../support/until.ts';
import { faultCase } from './fault-case.ts';

/** The cluster that is reached for, and the agent that reaches. */
interface Mine {
  readonly clusterId: string;
  readonly instance: string;
  readonly bundle: string;
}

let hubProcess: KillableHub;
let hub: TestHub;
let victim: AgentWorld;
let mine: Mine;
let thief: Awaited<ReturnType<typeof enrol>>;
let session: number;
let db: Client;

beforeAll(async () => {
  hubProcess = await startKillableHub();
  const { databaseUrl, stop } = hubProcess;
  hub = { ...hubClient(hubProcess.url, hubProcess.adminToken), databaseUrl, stop };
  victim = await startAgentWorld(hub, hub.url, 'victim');
  victim.start();
  await victim.synced(1);
  db = new Client({ connectionString: databaseUrl });
  await db.connect();
  const { rows } = await db.query<Mine>(
    `select i.cluster_id::text "clusterId", i.tracking_id instance, i.bundle_digest bundle from instance i`,
  );
  if (!rows[0]) throw new Error('the victim runs nothing');
  mine = rows[0];
  thief = await enrol(hub, 'thief', { world: 'none' });
  session = (await sayHello(hub, thief.credential)).session ?? 0;
});

afterAll(async () => {
  await db.end();
  await victim.stop();
  await hubProcess.stop();
});

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const warnings = (words: string): Line[] =>
  hubProcess
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ level, msg }) => level === 'warn' && msg.includes(words));

const logged = (words: string, fields: Record<string, unknown>) =>
  until(`the hub to log "${words}"`, () => {
    const found = warnings(words);
    expect(found.at(-1)).toMatchObject(fields);
    return true;
  });

const REPORT = 'mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts } }';
let sequence = 0;

function reportAsThief(part: Record<string, unknown>): Promise<{ reportInstances: { verdicts: string[] } }> {
  sequence += 1;
  const batch = { session, sequence, instances: [], ...part };
  return hub.graphql(REPORT, { batch }, thief.credential);
}

describe('isolation', () => {
  faultCase('foreign-id', async () => {
    const { credential, refusal } = await renew(hub, { clusterId: await idOf('victim'), key: thief.key });
    expect(credential).toBeNull();
    expect(refusal?.code).toBe('RENEWAL_SIGNATURE_INVALID');
    await logged('a credential was not renewed', { cluster: 'victim', code: 'RENEWAL_SIGNATURE_INVALID' });
    return 'RENEWAL_SIGNATURE_INVALID; logged: a credential was not renewed';
  });

  faultCase('foreign-bundle', async () => {
    const ask = async (digest: string) => {
      const answer = await fetch(`${hub.url}/bundles/${digest}`, {
        headers: { authorization: `Bearer ${thief.credential}` },
      });
      return { status: answer.status, text: (await answer.text()).replaceAll(digest, 'DIGEST') };
    };
    const foreign = await ask(mine.bundle);
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(await ask(createHash('sha256').update('nothing').digest('hex')));
    await until('the log', () =>
      warnings('a bundle was asked for').some(
        ({ cluster, bundle }) => cluster === 'thief' && bundle === mine.bundle,
      ),
    );
    return '404 as for an unknown one; logged: a bundle was asked for that is not assigned to the cluster';
  });

  faultCase('foreign-report', async () => {
    const said = {
      instance: mine.instance,
      generation: 1,
      bundle: mine.bundle,
      sync: 'FAILED',
      health: 'MISSING',
      message: 'a lie',
      driftCount: 9,
      objects: [],
      truncated: false,
      pendingPrune: [],
      contentHash: randomUUID(),
    };
    const { reportInstances } = await reportAsThief({ instances: [said] });
    expect(reportInstances.verdicts).toEqual(['STALE']);
    await logged('a report for an instance of another cluster was refused', {
      cluster: 'victim',
      application: 'victim',
    });
    await reportAsThief({ removedInstances: [mine.instance] });
    await logged('an agent spoke of what belongs to another cluster', {
      kind: 'INSTANCE',
      cluster: 'victim',
      reportedBy: 'thief',
    });
    await victim.synced(1);
    expect((await victim.instance())?.message ?? '').not.toContain('a lie');
    return 'STALE, and nothing buried; both logged';
  });

  faultCase('foreign-instruction', async () => {
    await db.query(
      `insert into instruction (public_id, cluster_id, instance_id, kind, generation, expires_at)
       select 'not-for-thieves', cluster_id, id, 'UNKNOWN_KIND', generation, now() + interval '1 h' from instance`,
    );
    await reportAsThief({ acknowledgedInstructions: ['not-for-thieves'] });
    const { rows } = await db.query('select from instruction where acknowledged_at is null');
    expect(rows).toHaveLength(1);
    await logged('an agent spoke of what belongs to another cluster', {
      kind: 'INSTRUCTION',
      id: 'not-for-thieves',
      cluster: 'victim',
      reportedBy: 'thief',
    });
    const ASSIGNMENTS =
      '{ assignments(since: 0, first: 10) { instructions { id } assignments { instance } } }';
    const { assignments } = await hub.graphql<{ assignments: object }>(ASSIGNMENTS, {}, thief.credential);
    expect(assignments).toEqual({ instructions: [], assignments: [] });
    return 'still open for its own cluster; logged';
  });

  faultCase('foreign-doorbell', async () => {
    const bell = await hub.subscribe<{ agentDoorbell: { generation: number } }>(
      'subscription { agentDoorbell { generation } }',
      {},
      thief.credential,
    );
    expect((await bell.next()).agentDoorbell.generation).toBe(0);
    const rung: number[] = [];
    void bell.next().then(
      ({ agentDoorbell }) => rung.push(agentDoorbell.generation),
      () => undefined,
    );
    await victim.commit('not for the thief');
    await victim.synced(2);
    expect(rung).toEqual([]);
    bell.stop();
    const page = `query ($after: String) { assignments(since: 0, first: 1, after: $after) {
      assignments { instance } pageInfo { endCursor } } }`;
    const theirs = await hub.answer<{ assignments: { assignments: object[] } }>(
      page,
      { after: cursorOfVictim() },
      thief.credential,
    );
    expect(theirs.data?.assignments.assignments ?? []).toEqual([]);
    return 'no ring, and no row by the other’s cursor';
  });

  faultCase('agent-asks-as-person', async () => {
    const asAgent = await hub.answer('{ clusters(first: 1) { nodes { name } } }', {}, thief.credential);
    expect(asAgent.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await logged('a call was refused', { principal: 'thief', kind: 'agent', operation: 'clusters' });
    const asPerson = await hub.answer('{ assignments(since: 0) { generation } }');
    expect(asPerson.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await logged('a call was refused', { kind: 'user', operation: 'assignments' });
    return 'FORBIDDEN both ways; logged: a call was refused';
  });
});

async function idOf(name: string): Promise<string> {
  const { cluster } = await hub.graphql<{ cluster: { id: string } }>(
    'query ($name: String!) { cluster(name: $name) { id } }',
    { name },
  );
  return cluster.id;
}

/** Before everything that the victim has: made here, because its credential stays in its cluster. */
const cursorOfVictim = (): string => encodeCursor([0n, 0n, 0n]);
