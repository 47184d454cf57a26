import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  for (const [name, selector] of [
    ['dev', 'env=dev'],
    ['prod', 'env=prod'],
  ]) {
    await hub.graphql(
      'mutation ($input: EnvironmentInput!) { saveEnvironment(input: $input) { refusal { code } } }',
      {
        input: { name, selector },
      },
    );
  }
});
afterAll(() => hub.stop());

interface PolicyView {
  readonly name: string;
  readonly revision: number;
  readonly steps: readonly { readonly environment: string }[];
}

const fields = 'name revision steps { environment trigger after progressDeadline }';
const savePolicy = (name: string, steps: readonly object[], token?: string | null) =>
  hub.answer<{ savePolicy: { policy: PolicyView | null } }>(
    `mutation ($input: PolicyInput!) { savePolicy(input: $input) { policy { ${fields} } refusal { code } } }`,
    { input: { name, steps } },
    token,
  );
const saved = async (name: string, steps: readonly object[]) =>
  (await savePolicy(name, steps)).data?.savePolicy.policy;

const everything = `name steps { environment supersede offline onFreeze hotfixSkips onFailure { rollback hold }
  verification { name } gates { name driftFree soak { environment duration grace } approval { count roles notRequester notAuthor expires }
    window { timeZone allow { days } exclude { days from to dates } } dependency { application environment minRelease }
    webhook { url secretName expires } check { name job http { url method expectStatus expectJson interval timeout successes failures }
      metric { prometheus query condition interval count failures } } }
  waves { name selector percent count bake maxFailures approval { count roles } verification { name } } }`;
const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'smoke' },
  spec: { template: { spec: { containers: [{ name: 'smoke', image: 'example/smoke' }] } } },
};

describe('a policy', () => {
  it('takes its defaults', async () => {
    const policy = await saved('defaults', [{ environment: 'dev' }, { environment: 'prod', after: [] }]);
    expect(policy).toEqual({
      name: 'defaults',
      revision: 1,
      steps: [
        { environment: 'dev', trigger: 'MANUAL', after: null, progressDeadline: '15m' },
        { environment: 'prod', trigger: 'MANUAL', after: [], progressDeadline: '15m' },
      ],
    });
  });

  it('has gates, waves and rules with their defaults, and shows them as they are kept', async () => {
    const gates = [
      { soak: { duration: '1h' } },
      { approval: {} },
      { window: { timeZone: 'Europe/Berlin', exclude: [{ days: ['SAT', 'SUN'] }] } },
      { dependency: { application: 'db' } },
      { check: { name: 'up', http: { url: 'https://shop.example' } } },
      {
        name: 'errors',
        check: { name: 'errors', metric: { prometheus: 'http://p', query: 'q', condition: '< 1' } },
      },
      { name: 'smoke', check: { name: 'smoke', job } },
      { webhook: { url: 'https://change.example', secretName: 'change' } },
      { driftFree: true },
    ];
    const waves = [{ name: 'canary', count: 1, approval: { count: 2, roles: ['ADMIN'] } }, { name: 'rest' }];
    const { savePolicy: answer } = await hub.graphql<{ savePolicy: { policy: { steps: object[] } } }>(
      `mutation ($input: PolicyInput!) { savePolicy(input: $input) { policy { ${everything} } } }`,
      { input: { name: 'whole', steps: [{ environment: 'dev' }, { environment: 'prod', gates, waves }] } },
    );
    expect(answer.policy.steps[1]).toMatchObject({
      supersede: 'LATEST_WINS',
      offline: 'EXCLUDE_AND_CATCH_UP',
      onFreeze: 'FINISH_WAVE',
      onFailure: { rollback: 'NONE', hold: true },
      hotfixSkips: [],
      verification: [],
      gates: [
        { name: 'soak', soak: { environment: null, duration: '1h', grace: '2m' } },
        {
          name: 'approval',
          approval: { count: 1, roles: null, notRequester: true, notAuthor: false, expires: '7d' },
        },
        {
          name: 'window',
          window: { timeZone: 'Europe/Berlin', allow: null, exclude: [{ days: ['SAT', 'SUN'], from: null }] },
        },
        { name: 'dependency', dependency: { application: 'db', environment: null, minRelease: null } },
        {
          name: 'check',
          check: {
            http: {
              method: 'GET',
              expectStatus: 200,
              expectJson: null,
              interval: '10s',
              timeout: '5m',
              successes: 1,
              failures: 3,
            },
          },
        },
        { name: 'errors', check: { metric: { condition: '< 1', interval: '30s', count: 3, failures: 1 } } },
        { name: 'smoke', check: { job } },
        { name: 'webhook', webhook: { secretName: 'change', expires: '1d' } },
        { name: 'driftFree', driftFree: true },
      ],
      waves: [
        {
          name: 'canary',
          count: 1,
          percent: null,
          bake: '0s',
          maxFailures: null,
          approval: { count: 2, roles: ['ADMIN'] },
        },
        { name: 'rest', selector: null, approval: null, verification: [] },
      ],
    });
  });

  it('with a gate that is not exactly one condition is refused, together with all else that is wrong', async () => {
    const { errors } = await savePolicy('forms', [
      {
        environment: 'dev',
        gates: [{ name: 'none' }, { driftFree: true, soak: { duration: '1h' } }, { driftFree: false }],
      },
      {
        environment: 'prod',
        gates: [{ check: { name: 'two' } }, { window: { timeZone: 'Nowhere/At', allow: [{ from: '1' }] } }],
        waves: [{ name: 'a', count: 1 }],
        hotfixSkips: ['x'],
      },
    ]);
    const message = errors?.[0]?.message ?? '';
    for (const part of [
      'Step "dev": gate "none" must have exactly one condition besides its name, and has none.',
      'a gate must have exactly one condition besides its name, and has soak, driftFree.',
      'check "two" must have exactly one of http, metric and job.',
      'no IANA zone',
      '"1" is no time',
      'could leave clusters out',
      'hotfixSkips names "x"',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('cannot make applications wait for each other, nor can an application that takes another policy', async () => {
    const needs = (application: string) => [
      { environment: 'prod', gates: [{ dependency: { application } }] },
    ];
    const application = (name: string, policy: string) =>
      hub.answer(
        'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { code } } }',
        {
          input: { name, policy, source: { repository: 'https://git.example/x.git', path: name } },
        },
      );
    await saved('needs-db', needs('db'));
    await saved('free', [{ environment: 'prod' }]);
    await saved('needs-web', needs('web'));
    expect(await application('web', 'needs-db')).toMatchObject({ data: {} });
    expect(await application('db', 'free')).toMatchObject({ data: {} });
    const circle = /wait for each other's releases: .*web in prod/;
    expect((await savePolicy('free', needs('web'))).errors?.[0]?.message).toMatch(circle);
    expect((await application('db', 'needs-web')).errors?.[0]?.message).toMatch(circle);
    expect((await application('db', 'needs-db')).errors?.[0]?.message).toMatch(/db in prod after db in prod/);
  });

  it('takes null for what is left out', async () => {
    const policy = await saved('defaults', [
      { environment: 'dev', trigger: null, after: null, progressDeadline: null },
    ]);
    expect(policy?.steps).toEqual([
      { environment: 'dev', trigger: 'MANUAL', after: null, progressDeadline: '15m' },
    ]);
    const answer = await hub.answer(
      'mutation ($input: PolicyInput!) { savePolicy(input: $input, prune: null) { refusal { code } } }',
      { input: { name: 'defaults', steps: [{ environment: 'dev' }] } },
    );
    expect(answer).toMatchObject({ data: { savePolicy: { refusal: null } } });
  });

  it('gets a revision with each change, none with a save that changes nothing, and keeps the old ones', async () => {
    const automatic = [{ environment: 'dev', trigger: 'AUTOMATIC' }];
    expect(await saved('revised', [{ environment: 'dev' }])).toMatchObject({ revision: 1 });
    expect(await saved('revised', [{ environment: 'dev' }])).toMatchObject({ revision: 1 });
    expect(await saved('revised', automatic)).toMatchObject({ revision: 2 });
    const { first, current } = await hub.graphql<{ first: PolicyView; current: PolicyView }>(
      `{ first: policy(name: "revised", revision: 1) { ${fields} } current: policy(name: "revised") { ${fields} } }`,
    );
    expect([first.steps[0], current.steps[0]]).toMatchObject([
      { trigger: 'MANUAL' },
      { trigger: 'AUTOMATIC' },
    ]);
  });

  it('is refused with every problem at once', async () => {
    const { errors } = await savePolicy('Bad', [
      { environment: 'nowhere' },
      { environment: 'dev', after: ['x'] },
    ]);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('INVALID');
    expect(errors?.[0]?.message).toMatch(/"Bad".*nowhere.*"x"/s);
  });

  it('is listed by name, page by page', async () => {
    const page = (after: string | null) =>
      hub.graphql<{
        policies: { nodes: PolicyView[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(
        'query ($after: String) { policies(first: 1, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
    const names: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo }: Awaited<ReturnType<typeof page>>['policies'] = (await page(after)).policies;
      names.push(...nodes.map(({ name }) => name));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(names).toEqual(['defaults', 'free', 'needs-db', 'needs-web', 'revised', 'whole']);
  });

  it('is saved by administrators alone', async () => {
    const { createApiToken } = await hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "o", user: "olga", role: OPERATOR }) { secret } }',
    );
    const operator = await savePolicy('x', [{ environment: 'dev' }], createApiToken.secret);
    expect(operator.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await savePolicy('x', [{ environment: 'dev' }], null)).errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });
});
