// Health rules at the hub: refused with their places, recorded once, shipped with the assignments or beside them.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePath } from '../support/applications.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';

const rule = { group: 'shop.example', kinds: ['Order'], current: "self.status.phase == 'Delivered'" };
const badRules = `- group: shop.example
  kinds: [Order]
  current: self.status.phase == 'Delivered
- group: shop.example
  kinds: [Parcel]
  cases:
    - { field: status.phase, means: { Lost: BROKEN } }
`;
const badPlaces = [
  /^rules\[0\]\.current, line 3, column 12: .+ at character \d+, near/,
  /^rules\[1\]\.cases\[0\]\.means\.Lost, line 7, column \d+: must be one of HEALTHY/,
];

let hub: TestHub;
let db: Client;
let repository: TestRepository;
let agent: Agent;
beforeAll(async () => {
  hub = await startTestHub();
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  repository = makeRepository();
  repository.commit({
    'app/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n',
  });
  await savePath(hub, 'standard', ['dev']);
  await hub.graphql(
    'mutation { savePolicy(input: { name: "standard", steps: [{ environment: "dev", trigger: AUTOMATIC }] }) { refusal { code } } }',
  );
  agent = await joinAgent(hub, 'c1');
});
afterAll(async () => {
  await db.end();
  await hub.stop();
  repository.remove();
});

interface Saved {
  readonly saveHealthRules: {
    readonly healthRules: unknown;
    readonly refusal: { readonly code: string; readonly reasons: readonly string[] } | null;
  };
}

const save = async (rules: unknown, token?: string) =>
  hub.answer<Saved>(
    'mutation ($rules: JSON!) { saveHealthRules(rules: $rules) { healthRules refusal { code reasons } } }',
    { rules },
    token,
  );

interface Feed {
  readonly assignments: {
    readonly generation: number;
    readonly healthRulesDigest: string | null;
    readonly assignments: readonly { readonly application: string; readonly healthRules: unknown }[];
  };
  readonly agentHealthRules: { readonly digest: string | null; readonly rules: unknown };
}

const feed = () =>
  hub.graphql<Feed>(
    `{ assignments(since: 0) { generation healthRulesDigest assignments { application healthRules } }
       agentHealthRules { digest rules } }`,
    {},
    agent.credential,
  );

const events = async (kind: string) => {
  const { activity } = await hub.graphql<{ activity: { nodes: { actor: string; message: string }[] } }>(
    'query ($filter: ActivityFilter) { activity(filter: $filter) { nodes { actor message } } }',
    { filter: { kind: [kind] } },
  );
  return activity.nodes.map(({ message }) => message);
};

describe("the hub's health rules", () => {
  it('are refused with every mistake at once, each with its place, and nothing is saved', async () => {
    const { data } = await save(badRules);
    expect(data?.saveHealthRules).toMatchObject({
      healthRules: null,
      refusal: {
        code: 'INVALID_HEALTH_RULES',
        reasons: badPlaces.map((each) => expect.stringMatching(each)),
      },
    });
    expect(await hub.graphql('{ healthRules }')).toEqual({ healthRules: [] });
    expect(await events('health-rules.saved')).toEqual([]);
  });

  it('are saved by administrators only, and read by everyone', async () => {
    const { createApiToken } = await hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "o", user: "olga", role: OPERATOR }) { secret } }',
    );
    const { errors } = await save([rule], createApiToken.secret);
    expect(errors?.[0]?.message).toContain('ADMIN');
    expect(await hub.graphql('{ healthRules }', {}, createApiToken.secret)).toEqual({ healthRules: [] });
  });

  it('reach every agent by their digest, and ring; the same rules again write nothing', async () => {
    const before = await feed();
    expect([before.assignments.healthRulesDigest, before.agentHealthRules.rules]).toEqual([null, []]);
    const { data } = await save(
      `rules: [{ apiVersion: shop.example/v1, kind: Order, current: "${rule.current}" }]`,
    );
    expect(data?.saveHealthRules).toEqual({ healthRules: [rule], refusal: null });
    const rung = await until('the generation to rise', async () => {
      const now = await feed();
      return now.assignments.generation > before.assignments.generation && now;
    });
    expect(rung.agentHealthRules).toEqual({
      digest: rung.assignments.healthRulesDigest,
      rules: [rule],
    });
    expect(rung.assignments.healthRulesDigest).toMatch(/^[0-9a-f]{64}$/);
    await save([rule]);
    expect(await events('health-rules.saved')).toEqual(['The health rules of the hub were saved: 1 rule.']);
    expect(await hub.graphql('{ healthRules }')).toEqual({ healthRules: [rule] });
  });

  it('are taken back by an empty list', async () => {
    await save([]);
    const { assignments, agentHealthRules } = await feed();
    expect([assignments.healthRulesDigest, agentHealthRules]).toEqual([null, { digest: null, rules: [] }]);
    expect(await events('health-rules.saved')).toHaveLength(2);
  });
});

describe("an application's health rules", () => {
  const input = (healthRules: unknown) => ({
    name: 'shop',
    policy: 'standard',
    source: { repository: repository.url, ref: 'main', path: 'app' },
    healthRules,
  });
  const saveApplication = (healthRules: unknown) =>
    hub.answer<{ saveApplication: { application: { healthRules: unknown } | null } }>(
      'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { application { healthRules } refusal { code } } }',
      { input: input(healthRules) },
    );

  it('are refused with their places, together with whatever else is wrong', async () => {
    const { errors } = await saveApplication(badRules);
    const message = errors?.[0]?.message ?? '';
    for (const part of ['rules[0].current, line 3', 'rules[1].cases[0].means.Lost, line 7']) {
      expect(message).toContain(part);
    }
  });

  it('that are too large for every assignment belong to the hub', async () => {
    const many = Array.from({ length: 150 }, (_, index) => ({
      ...rule,
      kinds: [`Order${index}`],
      current: `'${'x'.repeat(300)}' == self.kind`,
    }));
    const { errors } = await saveApplication(many);
    expect(errors?.[0]?.message).toContain('saveHealthRules');
  });

  it('travel with its assignments, and a change of them alone raises the generation', async () => {
    const { data } = await saveApplication([rule]);
    expect(data?.saveApplication.application).toEqual({ healthRules: [rule] });
    const assigned = (what: string, wanted: unknown) =>
      until(
        what,
        async () => {
          const { assignments } = await feed();
          const [first] = assignments.assignments;
          return first && JSON.stringify(first.healthRules) === JSON.stringify(wanted) && assignments;
        },
        { timeoutMs: 30_000 },
      );
    const { generation } = await assigned('the assignment', [rule]);
    const other = { ...rule, current: 'true' };
    await saveApplication([other]);
    const changed = await assigned('the changed rule', [other]);
    expect(changed.generation).toBeGreaterThan(generation);
    await saveApplication([other]);
    expect(await events('application.saved')).toHaveLength(2);
    await saveApplication([]);
    await assigned('no rules', null);
  });
});
