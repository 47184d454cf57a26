import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentBell } from '../../src/delivery/agent-bell.ts';
import { InstructionCommands } from '../../src/delivery/instruction-commands.ts';
import { PrismaInstructionStore } from '../../src/delivery/prisma-instruction-store.ts';
import { until } from '../support/until.ts';
import { agentOf, batchOf, seedFleet, startFleet, type Fleet, type SeededFleet } from './delivery-fixture.ts';

let fleet: Fleet;
let seeded: SeededFleet;
let instructions: InstructionCommands;
const rings: (readonly [string, number])[] = [];

beforeAll(async () => {
  fleet = await startFleet();
  instructions = new InstructionCommands(new PrismaInstructionStore(), new AgentBell(fleet.pubSub));
  fleet.pubSub.subscribe('agents.ring', ({ clusters }) => rings.push(...clusters));
});
afterAll(() => fleet.stop());

beforeEach(async () => {
  await fleet.sql('truncate cluster, environment, policy, application, repository, instruction cascade');
  seeded = await seedFleet(fleet, { clusters: { a: 'dev', b: 'dev' }, environments: [], applications: [] });
  rings.length = 0;
});

const clusterId = (name: string): bigint => seeded.clusterIds.get(name)!;
const later = () => new Date(Date.now() + 60_000);
const order = (cluster: string, word: string, expiresAt = later()) => ({
  clusterId: clusterId(cluster),
  instanceId: null,
  kind: 'greet',
  payload: { word },
  expiresAt,
});
const create = (...orders: ReturnType<typeof order>[]) =>
  fleet.database.transaction((tx) => instructions.create(tx, orders));
const states = (ids: readonly string[]) => fleet.database.transaction((tx) => instructions.states(tx, ids));

describe('instructions', () => {
  it('raise each cluster once, ring it after commit, and are fetched by that cluster alone, oldest first', async () => {
    const ids = await create(order('a', 'one'), order('b', 'two'), order('a', 'three'));
    expect(await fleet.feed.instructions(clusterId('a'), 10)).toMatchObject([
      { publicId: ids[0], kind: 'greet', payload: { word: 'one' } },
      { publicId: ids[2], payload: { word: 'three' } },
    ]);
    const generations = await fleet.feed.generations([clusterId('a'), clusterId('b')]);
    expect(generations.map(([, generation]) => generation)).toEqual([1n, 1n]);
    await until('both rings', () => rings.length === 2);
    expect(new Map(rings)).toEqual(
      new Map([
        [String(clusterId('a')), 1],
        [String(clusterId('b')), 1],
      ]),
    );
  });

  it('are not sent, and no cluster is raised, where the transaction fails', async () => {
    const failing = fleet.database.transaction(async (tx) => {
      await instructions.create(tx, [order('a', 'never')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await fleet.feed.instructions(clusterId('a'), 10)).toEqual([]);
    expect(await fleet.feed.generations([clusterId('a')])).toEqual([[clusterId('a'), 0n]]);
  });

  it('tell by their ids whether they were done, and are not sent once they are, or once they are too old', async () => {
    const [done, open, late] = await create(
      order('a', 'done'),
      order('a', 'open'),
      order('a', 'late', new Date(Date.now() - 1_000)),
    );
    await fleet.reports.report(agentOf(seeded, 'a'), {
      ...batchOf(1, []),
      acknowledgedInstructions: [done!],
      instructionOutcomes: new Map([[done!, { state: 'PASSED', message: 'a\0b' }]]),
    });
    const found = await states([done!, open!, late!, 'unknown']);
    expect(new Set(found.keys())).toEqual(new Set([done, open, late]));
    expect(found.get(done!)?.acknowledgedAt).toBeInstanceOf(Date);
    expect(found.get(done!)?.outcome).toEqual({ state: 'PASSED', message: 'ab' });
    expect(found.get(open!)).toMatchObject({ acknowledgedAt: null, outcome: null });
    expect(await fleet.feed.instructions(clusterId('a'), 10)).toMatchObject([{ publicId: open }]);
  });
});
