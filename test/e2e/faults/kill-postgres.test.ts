// kill -9 of Postgres at each step of a rollout, under a hub that goes on.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import { startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { startKillablePostgres, type KillablePostgres } from '../../support/killable-postgres.ts';
import { faultCase } from './fault-case.ts';
import { beginRollout, endOfRollout, whenRecorded, type EndState } from './rollout.ts';

let postgres: KillablePostgres;
let hub: KillableHub;
let world: AgentWorld;
let release = 1;

beforeAll(async () => {
  postgres = await startKillablePostgres();
  hub = await startKillableHub({ FAIRLEAD_DATABASE_URL: postgres.connectionString });
  world = await startAgentWorld(hub, hub.url, 'killed-postgres');
  world.start();
  await world.synced(1);
});

afterAll(async () => {
  await world?.stop();
  await hub?.stop();
  await postgres?.stop();
});

async function rollOut(): Promise<EndState> {
  release += 1;
  await beginRollout(hub, world, release);
  return endOfRollout(hub, postgres.connectionString, world, release);
}

const EVENTS = ['release.created', 'promotion.created', 'promotion.started', 'instance.synced'];

describe('kill -9', () => {
  faultCase('kill-postgres', async () => {
    const undisturbed = await rollOut();
    for (const kind of EVENTS) {
      let revived: Promise<void> | undefined;
      const disarm = whenRecorded(
        postgres.connectionString,
        { kind, number: release + 1, application: world.name },
        () => {
          revived = postgres.kill().then(() => postgres.start());
        },
      );
      const end = await rollOut();
      await disarm();
      await revived;
      expect(revived, `${kind} was never seen`).toBeDefined();
      expect(end, kind).toEqual(undisturbed);
    }
    // One process all along: nobody had to start the hub again.
    expect(hub.output().match(/"the hub serves"/g)).toHaveLength(1);
    expect(hub.output()).not.toContain('job failed for good');
    return `killed after each of ${EVENTS.length} events: ${EVENTS.join(', ')}; the hub stayed one process`;
  });
});
