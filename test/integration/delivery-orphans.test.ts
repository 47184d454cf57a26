import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';

let hub: TestHub;
let agent: Agent;
let cluster: string;
let number = 0;

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());
beforeEach(async () => {
  number += 1;
  cluster = `keeper-${number}`;
  agent = await joinAgent(hub, cluster);
});

const idOf = (word: string): string => Buffer.from(word.padEnd(16, '.')).toString('hex');
const orphan = (application: string, objects = 2) => ({
  instance: idOf(application),
  application,
  environment: 'dev',
  objects,
});
const report = async (orphans: readonly object[], session = agent.session): Promise<boolean> => {
  const answer = await hub.graphql<{ reportOrphans: boolean }>(
    'mutation ($session: Float!, $orphans: [OrphanInput!]!) { reportOrphans(session: $session, orphans: $orphans) }',
    { session, orphans },
    agent.credential,
  );
  return answer.reportOrphans;
};
const shown = async () => {
  const { cluster: found } = await hub.graphql<{ cluster: { orphans: readonly object[] } }>(
    'query ($name: String!) { cluster(name: $name) { orphans { instance application environment objects } } }',
    { name: cluster },
  );
  return found.orphans;
};
const events = async (): Promise<string[]> => {
  const { activity } = await hub.graphql<{ activity: { nodes: { message: string }[] } }>(
    `query ($cluster: String) { activity(filter: { cluster: $cluster, kind: ["instances.orphaned"] }) { nodes { message } } }`,
    { cluster },
  );
  return activity.nodes.map(({ message }) => message).toReversed();
};

describe('what an agent keeps and the hub does not know', () => {
  it('is shown on its cluster by name, and told once', async () => {
    expect(await report([orphan('shop'), orphan('blog', 7)])).toBe(true);
    expect(await report([orphan('shop'), orphan('blog', 7)])).toBe(true);
    expect(await shown()).toEqual([orphan('blog', 7), orphan('shop')]);
    expect(await events()).toEqual([
      expect.stringContaining('keeps 2 instances that this hub does not know'),
    ]);
  });

  it('is what was told last: what is not named any more is gone, and what is new is told', async () => {
    await report([orphan('shop')]);
    await report([orphan('blog')]);
    expect(await shown()).toEqual([orphan('blog')]);
    expect(await events()).toEqual([
      expect.stringContaining('shop/dev'),
      expect.stringContaining('blog/dev'),
    ]);
    await report([]);
    expect(await shown()).toEqual([]);
  });

  it('is of the newest session alone', async () => {
    await report([orphan('shop')]);
    await hub.graphql(
      'mutation { agentHello(input: { protocolVersion: 3, agentVersion: "t", kubernetesVersion: "v" }) { session } }',
      {},
      agent.credential,
    );
    expect(await shown()).toEqual([]);
    expect(await report([orphan('blog')])).toBe(false);
    expect(await report([orphan('shop')], agent.session + 1)).toBe(true);
    expect(await shown()).toEqual([orphan('shop')]);
    expect(await events()).toHaveLength(1);
  });

  it('is refused where it is no instance, or too much', async () => {
    await expect(report([{ ...orphan('shop'), instance: 'x' }])).rejects.toThrow('INVALID');
    const many = Array.from({ length: 501 }, (_, index) => orphan(`a${index}`));
    await expect(report(many)).rejects.toThrow('at most 500');
    for (const session of [1e300, -1, agent.session + 0.5]) {
      await expect(report([], session)).rejects.toThrow('INVALID');
    }
  });
});
