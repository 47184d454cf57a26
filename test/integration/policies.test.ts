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
    const first = (await page(null)).policies;
    const second = (await page(first.pageInfo.endCursor)).policies;
    expect([...first.nodes, ...second.nodes].map(({ name }) => name)).toEqual(['defaults', 'revised']);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('is saved by administrators alone', async () => {
    expect((await savePolicy('x', [{ environment: 'dev' }], null)).errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });
});
