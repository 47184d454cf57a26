// kill -9 of the hub at each step of a rollout.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import { startFaultyLink, type FaultyLink } from '../../support/faulty-link.ts';
import { startKillableHub, type KillableHub } from '../../support/killable-hub.ts';
import { faultCase } from './fault-case.ts';
import { mend, operationOf, quiet } from './fault-stage.ts';
import { beginRollout, endOfRollout, whenRecorded, type EndState } from './rollout.ts';

let hub: KillableHub;
let link: FaultyLink;
let world: AgentWorld;
let undisturbed: EndState;
let release = 1;

beforeAll(async () => {
  hub = await startKillableHub();
  link = await startFaultyLink(hub.url);
  world = await startAgentWorld(hub, link.url, 'killed-hub');
  world.start();
  await world.synced(1);
  undisturbed = await rollOut();
});

afterAll(async () => {
  await world.stop();
  await link.stop();
  await hub.stop();
});

async function rollOut(): Promise<EndState> {
  release += 1;
  await beginRollout(hub, world, release);
  return endOfRollout(hub, hub.databaseUrl, world, release);
}

/** Kills at the first moment that the rollout gets there, starts the hub again, and answers the end state. */
async function killOnce(arm: (kill: () => Promise<void>) => () => unknown): Promise<EndState | undefined> {
  let revived: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    if (revived) return;
    const killed = hub.kill();
    revived = killed.then(() => hub.start());
    await killed;
  };
  await quiet(link);
  const disarm = arm(kill);
  const end = await rollOut();
  await disarm();
  mend(link);
  await revived;
  return revived && end;
}

/** A moment of a rollout: the `n`-th request of that operation never reaches a living hub, or its answer never leaves one. */
interface Moment {
  readonly when: 'before' | 'after';
  readonly operation: string;
  readonly n: number;
}

const atMoment =
  ({ when, operation, n }: Moment) =>
  (kill: () => Promise<void>) => {
    let count = 0;
    link.disturb(async (request, carry) => {
      if (operationOf(request) === operation) count += 1;
      if (count !== n || operationOf(request) !== operation) return carry();
      if (when === 'after') await carry();
      await kill();
      return undefined;
    });
    return () => link.disturb(undefined);
  };

const OPERATIONS = ['Assignments', 'bundle', 'ReportInstances'];

const EVENTS = [
  'release.created',
  'promotion.created',
  'promotion.started',
  'instance.synced',
  'promotion.wave-passed',
  'promotion.waves-passed',
  'promotion.succeeded',
];

/** Kills at the first request of the operation in one rollout, at the second in another, until a rollout has no more. */
async function killAtEach(when: Moment['when'], operation: string): Promise<string[]> {
  const reached: string[] = [];
  for (let n = 1; ; n += 1) {
    const name = `${when} ${operation} ${n}`;
    const end = await killOnce(atMoment({ when, operation, n }));
    if (!end && n === 1) throw new Error(`the rollout never came to "${name}"`);
    if (!end) return reached;
    expect(end, name).toEqual(undisturbed);
    reached.push(name);
  }
}

describe('kill -9', () => {
  faultCase('kill-hub-requests', async () => {
    const reached: string[] = [];
    for (const operation of OPERATIONS) {
      for (const when of ['before', 'after'] as const) reached.push(...(await killAtEach(when, operation)));
    }
    return `killed ${reached.length} times: ${reached.join(', ')}`;
  });

  faultCase('kill-hub-events', async () => {
    expect(undisturbed.events).toEqual(EVENTS.toSorted());
    for (const kind of EVENTS) {
      const end = await killOnce((kill) =>
        whenRecorded(
          hub.databaseUrl,
          { kind, number: release + 1, application: world.name },
          () => void kill(),
        ),
      );
      expect(end, kind).toEqual(undisturbed);
    }
    return `killed after each of ${EVENTS.length} events: ${EVENTS.join(', ')}`;
  });
});
