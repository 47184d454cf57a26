// What a preview says, and that nothing is left of it.
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromotionWorld } from './promotions-fixture.ts';

interface PreviewView {
  readonly allowed: boolean;
  readonly refusal: { readonly code: string } | null;
  readonly waves: readonly {
    readonly name: string;
    readonly state: string;
    readonly counts: { readonly total: number; readonly pending: number };
    readonly targets: { readonly nodes: readonly { readonly cluster: { readonly name: string } }[] };
  }[];
  readonly gates: readonly { readonly gate: string; readonly verdict: string }[];
  readonly commits: { readonly nodes: readonly { readonly message: string }[] };
  readonly changes: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly object: { readonly kind: string; readonly name: string };
      readonly change: string;
      readonly diff: string;
      readonly clusters: number;
    }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

let world: PromotionWorld;
beforeEach(async () => {
  world = await PromotionWorld.start();
  for (const [name, env] of [
    ['prod-1', 'prod'],
    ['prod-2', 'prod'],
    ['prod-3', 'prod'],
  ] as const) {
    await world.cluster(name, env);
  }
});
afterEach(() => world.stop());

async function policy(prod: Readonly<Record<string, unknown>>): Promise<void> {
  await world.policy([{ environment: 'dev' }, { environment: 'prod', after: [] }]);
  const { savePolicy } = await world.hub.graphql<{ savePolicy: { refusal: unknown } }>(
    'mutation ($i: PolicyInput!) { savePolicy(input: $i) { refusal { message } } }',
    { i: { name: 'way', steps: [{ environment: 'dev' }, { environment: 'prod', ...prod }] } },
  );
  expect(savePolicy.refusal).toBeNull();
}

/** One ConfigMap, one Secret, and one file for each cluster. */
async function ship(version: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys' },
    stringData: { key: `swordfish-${version}` },
  };
  world.repository.commit({ 'shop/secret.json': JSON.stringify(secret), ...more });
  await world.ship(version);
}

async function preview(release: number, changes = 'first: 10'): Promise<PreviewView> {
  const { previewPromotion } = await world.hub.graphql<{ previewPromotion: PreviewView }>(
    `query ($release: Int!) { previewPromotion(application: "shop", environment: "prod", release: $release) {
       allowed refusal { code }
       waves { name state counts { total pending } targets { nodes { cluster { name } } } }
       gates { gate verdict message since }
       commits { nodes { message } }
       changes(${changes}) { totalCount nodes { object { kind name } change diff clusters } pageInfo { endCursor hasNextPage } } } }`,
    { release },
  );
  return previewPromotion;
}

describe('a preview', () => {
  it('names waves with their clusters, gates, commits and changes', async () => {
    await policy({
      after: [],
      gates: [{ approval: { count: 2 } }],
      waves: [{ name: 'canary', count: 1 }, { name: 'rest' }],
    });
    await ship('1');
    const found = await preview(1);
    expect(found).toMatchObject({ allowed: true, refusal: null });
    const waves = found.waves.map(({ name, state, counts, targets }) => [
      name,
      state,
      counts.total,
      targets.nodes.map(({ cluster }) => cluster.name),
    ]);
    expect(waves).toEqual([
      ['canary', 'PENDING', 1, ['prod-1']],
      ['rest', 'PENDING', 2, ['prod-2', 'prod-3']],
    ]);
    expect(found.gates.map(({ gate, verdict }) => [gate, verdict])).toEqual([
      ['approval', 'WAITING'],
      ['freeze', 'PASSED'],
    ]);
    expect(found.commits.nodes.map(({ message }) => message)).toEqual(['version 1']);
    expect(
      found.changes.nodes.map(({ object, change, clusters }) => [object.kind, change, clusters]),
    ).toEqual([
      ['ConfigMap', 'CREATED', 3],
      ['Secret', 'CREATED', 3],
    ]);
    expect(found.changes.nodes[1]?.diff).toMatch(/key: "?••••••/);
    expect(JSON.stringify(found)).not.toMatch(/swordfish|c3dvcmRmaXNo/);
  });

  it('leaves nothing behind, however often it is asked', async () => {
    await policy({ after: [] });
    await ship('1');
    const db = new Client({ connectionString: world.hub.databaseUrl });
    await db.connect();
    try {
      const tables = ['promotion', 'promotion_wave', 'gate_result', 'check_run'];
      const each = tables.map((table) => `(select count(*)::int from ${table}) ${table}`);
      // Clusters go on to say that they are online meanwhile.
      const told = "(select count(*)::int from event where kind not like 'cluster.%') events";
      const counts = async (): Promise<unknown> =>
        (await db.query(`select ${each.join(', ')}, ${told}`)).rows[0];
      const before = await counts();
      await Promise.all([1, 2, 3].map(() => preview(1)));
      expect(await counts()).toEqual(before);
      expect(await world.promotions()).toEqual([]);
    } finally {
      await db.end();
    }
  });

  it('tells what differs from what runs, in pages, and refuses what promote would refuse', async () => {
    await policy({ after: [] });
    await ship('1');
    await world.promote('prod', 1);
    await expect
      .poll(async () => (await world.agents.get('prod-3')!.assigned()).length, { timeout: 15_000 })
      .toBe(1);
    const same = await preview(1);
    expect([same.allowed, same.refusal?.code, same.changes.nodes]).toEqual([false, 'ALREADY_OPEN', []]);
    await ship('2', {
      'shop/more.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"more"}}',
    });
    const first = await preview(2, 'first: 2');
    const rest = await preview(2, `first: 2, after: "${first.changes.pageInfo.endCursor}"`);
    const all = [...first.changes.nodes, ...rest.changes.nodes];
    expect([first.changes.totalCount, first.changes.pageInfo.hasNextPage]).toEqual([3, true]);
    expect(all.map(({ object, change, clusters }) => [object.name, change, clusters])).toEqual([
      ['more', 'CREATED', 3],
      ['shop', 'CONFIGURED', 3],
      ['keys', 'CONFIGURED', 3],
    ]);
    expect(all[1]?.diff).toMatch(/-  version: "1"\n\+  version: "2"/);
    expect(all[2]?.diff).toMatch(/•••••• \(changed\)/);
  });

  it('names what does not exist', async () => {
    await policy({ after: [] });
    await ship('1');
    const ask = (application: string, environment: string, release: number) =>
      world.hub.answer(
        `{ previewPromotion(application: "${application}", environment: "${environment}", release: ${release}) { allowed } }`,
      );
    const answers = [
      await ask('nope', 'prod', 1),
      await ask('shop', 'nope', 1),
      await ask('shop', 'prod', 9),
    ];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(
      Array.from(answers, () => 'NOT_FOUND'),
    );
  });
});
