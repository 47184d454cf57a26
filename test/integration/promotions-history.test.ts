// Commits of releases, promotions and slots.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromotionWorld } from './promotions-fixture.ts';

let world: PromotionWorld;
beforeEach(async () => {
  world = await PromotionWorld.start();
});
afterEach(() => world.stop());

interface Told {
  readonly nodes: readonly { readonly message: string; readonly author: string }[];
  readonly edges: readonly { readonly cursor: string }[];
}

async function commitsOf(environment: string, release: number, args = 'first: 50'): Promise<Told> {
  const { id } = await world.find(environment, release);
  const { promotion } = await world.hub.graphql<{ promotion: { commits: Told } }>(
    `query ($id: ID!) { promotion(id: $id) { commits(${args}) { nodes { message author } edges { cursor } } } }`,
    { id },
  );
  return promotion.commits;
}

const messages = ({ nodes }: Told) => nodes.map(({ message }) => message);

async function behind(environment: string): Promise<number> {
  const { slot } = await world.hub.graphql<{ slot: { commitsBehind: number } }>(
    'query ($e: String!) { slot(application: "shop", environment: $e) { commitsBehind } }',
    { e: environment },
  );
  return slot.commitsBehind;
}

describe('the commits of a promotion', () => {
  it('are all that came since what runs there, also those that made no release of their own', async () => {
    await world.policy([
      { environment: 'dev', trigger: 'AUTOMATIC' },
      { environment: 'prod', trigger: 'MANUAL', after: [] },
    ]);
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await world.ship('1');
    await world.tells('dev#1 ROLLING');
    expect(await behind('prod')).toBe(1);
    await world.promote('prod', 1);
    await world.tells('dev#1 ROLLING', 'prod#1 ROLLING');
    expect(messages(await commitsOf('prod', 1))).toEqual(['version 1']);
    await world.report('prod-1');
    await world.tells('dev#1 ROLLING', 'prod#1 SUCCEEDED');

    world.repository.commit({ 'other/readme': 'x' }, 'elsewhere\n\nwith a body');
    await world.ship('2');
    world.repository.commit({ 'other/readme': 'y' }, 'between');
    await world.ship('3');
    expect(await behind('prod')).toBe(4);
    await world.promote('prod', 3);
    const pending = ['version 3', 'between', 'version 2', 'elsewhere\n\nwith a body'];
    expect(messages(await commitsOf('prod', 3))).toEqual(pending);
    await expect.poll(async () => (await world.find('prod', 3)).state, { timeout: 15_000 }).toBe('ROLLING');
    expect(messages(await commitsOf('prod', 3))).toEqual(pending);
    expect(await behind('prod')).toBe(0);

    const first = await commitsOf('prod', 3, 'first: 3');
    const rest = await commitsOf('prod', 3, `first: 3, after: "${first.edges.at(-1)!.cursor}"`);
    expect([...messages(first), ...messages(rest)]).toEqual(pending);
  });

  it('are none where it goes back, and the slot is behind again', async () => {
    await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC' }]);
    await world.cluster('dev-1', 'dev');
    for (const version of ['1', '2']) {
      await world.ship(version);
      await expect
        .poll(async () => (await world.find('dev', Number(version))).state, { timeout: 15_000 })
        .toBe('ROLLING');
      await expect
        .poll(async () => (await world.agents.get('dev-1')!.assigned()).map(({ release }) => release), {
          timeout: 15_000,
        })
        .toEqual([Number(version)]);
      await world.report('dev-1');
      await expect
        .poll(async () => (await world.find('dev', Number(version))).state, { timeout: 15_000 })
        .toBe('SUCCEEDED');
    }
    await world.rollback('dev');
    expect(messages(await commitsOf('dev', 1))).toEqual([]);
    expect(await behind('dev')).toBe(1);
  });
});

describe('the metrics of promotions', () => {
  it('tell what runs, what waits and for how long, and what ended', async () => {
    await world.policy([
      { environment: 'dev', trigger: 'AUTOMATIC' },
      { environment: 'prod', trigger: 'AUTOMATIC' },
    ]);
    await world.cluster('dev-1', 'dev');
    await world.cluster('prod-1', 'prod');
    await world.ship('1');
    await world.tells('dev#1 ROLLING', 'prod#1 PENDING');
    const scrape = async (): Promise<string> => (await fetch(`${world.hub.url}/metrics`)).text();
    const text = await scrape();
    expect(text).toContain('fairlead_promotions_running{state="ROLLING"} 1');
    expect(text).toMatch(/fairlead_promotions_pending\{kind="UPSTREAM"\} 1/);
    expect(text).toMatch(/fairlead_promotions_oldest_wait_seconds\{kind="UPSTREAM"\} \d/);
    expect(text).not.toMatch(/fairlead_promotions_finished_total\{/);
    await expect
      .poll(async () => (await world.agents.get('dev-1')!.assigned()).length, { timeout: 15_000 })
      .toBe(1);
    await world.report('dev-1');
    await expect
      .poll(scrape, { timeout: 15_000 })
      .toMatch(/fairlead_promotions_finished_total\{result="SUCCEEDED",intent="FORWARD"\} 1/);
    expect(await scrape()).toMatch(/fairlead_deployment_lead_time_seconds_count 1/);
  });
});
