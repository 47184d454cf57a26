import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePath } from '../support/applications.ts';
import { enrol } from '../support/agent-client.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
let db: Client;
beforeAll(async () => {
  hub = await startTestHub({ FAIRLEAD_FILE_REPOSITORIES: '/srv/allowed' });
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  await savePath(hub, 'standard', ['dev', 'prod']);
  await savePath(hub, 'short', ['dev']);
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});

interface SaveAnswer {
  readonly saveApplication: {
    readonly application: Record<string, unknown> | null;
    readonly refusal: { readonly code: string; readonly message: string } | null;
  };
}

const fields = `name namespace serviceAccountName source { repository ref path renderer helm { releaseName valueFiles values } }
  policy { name revision } syncPolicy { prune drift environments { environment drift } ignore { kind path } pruneLimitPercent adopt extraObjects }`;

const save = (input: object, confirmRemovals?: number) =>
  hub.answer<SaveAnswer>(
    `mutation ($input: ApplicationInput!, $confirmRemovals: Int) {
       saveApplication(input: $input, confirmRemovals: $confirmRemovals) {
         application { ${fields} } refusal { code message } } }`,
    { input, ...(confirmRemovals !== undefined && { confirmRemovals }) },
  );
const source = { repository: 'https://git.invalid/shop.git', path: 'overlays/{{environment}}' };

const events = async (kind: string, application: string) => {
  const { activity } = await hub.graphql<{ activity: { nodes: { actor: string; message: string }[] } }>(
    'query ($filter: ActivityFilter) { activity(filter: $filter) { nodes { actor message } } }',
    { filter: { kind: [kind], application } },
  );
  return activity.nodes;
};

describe('an application', () => {
  it('takes its defaults, and an omitted sync policy equals all of them', async () => {
    const { data } = await save({ name: 'plain', policy: 'standard', source });
    expect(data?.saveApplication.application).toEqual({
      name: 'plain',
      namespace: null,
      serviceAccountName: null,
      source: { ...source, ref: 'HEAD', renderer: 'AUTO', helm: null },
      policy: { name: 'standard', revision: 1 },
      syncPolicy: {
        prune: true,
        drift: 'HEAL',
        environments: [],
        ignore: [],
        pruneLimitPercent: 50,
        adopt: false,
        extraObjects: false,
      },
    });
  });

  it('is recorded once when it is saved, and not again when nothing changes', async () => {
    const input = { name: 'recorded', policy: 'standard', source: { ...source, helm: { values: { a: 1 } } } };
    await save(input);
    await save(input);
    expect(await events('application.saved', 'recorded')).toHaveLength(1);
    await save({ ...input, namespace: 'shop' });
    expect(await events('application.saved', 'recorded')).toHaveLength(2);
    await save({ ...input, namespace: 'shop', serviceAccountName: 'deployer' });
    expect(await events('application.saved', 'recorded')).toHaveLength(3);
  });

  it('is refused with every problem at once', async () => {
    const syncPolicy = {
      environments: [{ environment: 'nowhere', drift: 'REPORT' }],
      pruneLimitPercent: 200,
    };
    const bad = { repository: 'https://user:hunter2@h/r', path: '{{wrong}}' };
    const { errors } = await save({ name: 'x', policy: 'none', source: bad, syncPolicy });
    const message = errors?.[0]?.message ?? '';
    for (const part of ['"none"', '"nowhere"', '{{wrong}}', 'no password', 'pruneLimitPercent']) {
      expect(message).toContain(part);
    }
    expect(message).not.toContain('hunter2');
  });

  it('may use a file repository only where the operator allows it', async () => {
    const inside = await save({
      name: 'f',
      policy: 'standard',
      source: { ...source, repository: 'file:///srv/allowed/r' },
    });
    expect(inside.errors).toBeUndefined();
    const outside = await save({
      name: 'g',
      policy: 'standard',
      source: { ...source, repository: 'file:///etc' },
    });
    expect(outside.errors?.[0]?.message).toContain('FAIRLEAD_FILE_REPOSITORIES');
  });

  it('is found by a part of its name or of its address', async () => {
    const found = async (search: string) => {
      const { applications } = await hub.graphql<{ applications: { nodes: { name: string }[] } }>(
        'query ($search: String) { applications(search: $search) { nodes { name } } }',
        { search },
      );
      return applications.nodes.map(({ name }) => name);
    };
    expect(await found('LAI')).toEqual(['plain']);
    expect(await found('allowed')).toEqual(['f']);
    expect(await found('%')).toEqual([]);
  });

  it('loses instances only when their number is confirmed', async () => {
    await enrol(hub, 'p1', { env: 'prod' });
    await save({ name: 'guarded', policy: 'standard', source });
    const refused = await save({ name: 'guarded', policy: 'short', source });
    expect(refused.data?.saveApplication).toMatchObject({
      application: null,
      refusal: { code: 'REMOVES_INSTANCES' },
    });
    const agreed = await save({ name: 'guarded', policy: 'short', source }, 1);
    expect(agreed.data?.saveApplication.application).toMatchObject({ policy: { name: 'short' } });
  });

  it('is deleted once the number of its instances is confirmed', async () => {
    const remove = (confirmRemovals?: number) =>
      hub.graphql<{ deleteApplication: { deleted: boolean | null; refusal: { code: string } | null } }>(
        `mutation ($confirmRemovals: Int) { deleteApplication(name: "doomed", confirmRemovals: $confirmRemovals) {
           deleted refusal { code } } }`,
        confirmRemovals === undefined ? {} : { confirmRemovals },
      );
    await save({ name: 'doomed', policy: 'standard', source });
    expect((await remove()).deleteApplication).toMatchObject({
      deleted: null,
      refusal: { code: 'REMOVES_INSTANCES' },
    });
    expect((await remove(1)).deleteApplication).toEqual({ deleted: true, refusal: null });
    expect(await events('application.deleted', 'doomed')).toHaveLength(1);
    await expect(remove(1)).rejects.toThrow('NOT_FOUND: Application "doomed" does not exist.');
  });
});

describe('a repository', () => {
  const saveRepository = (input: object) =>
    hub.answer<{ saveRepository: { repository: { url: string; credential: string } } }>(
      'mutation ($input: RepositoryInput!) { saveRepository(input: $input) { repository { url credential } } }',
      { input },
    );

  it('keeps its credential sealed and shows its kind alone', async () => {
    const { data } = await saveRepository({
      url: 'https://git.invalid/r',
      username: 'ada',
      password: 'hunter2-hunter2',
    });
    expect(data?.saveRepository.repository).toEqual({ url: 'https://git.invalid/r', credential: 'BASIC' });
    const { rows } = await db.query("select credential from repository where url = 'https://git.invalid/r'");
    const { credential } = rows[0] as { credential: Buffer };
    expect(credential.includes('hunter2')).toBe(false);
  });

  it('refuses a credential that does not fit, without repeating it', async () => {
    const { errors } = await saveRepository({ url: 'git@h:r', password: 'hunter2-hunter2' });
    expect(errors?.[0]?.extensions.code).toBe('INVALID');
    expect(errors?.[0]?.message).not.toContain('hunter2');
  });

  it('is deleted only when no application uses it', async () => {
    const remove = (url: string) =>
      hub.graphql<{
        deleteRepository: { deleted: boolean | null; refusal: { code: string; message: string } | null };
      }>('mutation ($url: String!) { deleteRepository(url: $url) { deleted refusal { code message } } }', {
        url,
      });
    const refused = (await remove(source.repository)).deleteRepository.refusal;
    expect(refused).toMatchObject({ code: 'REPOSITORY_IN_USE', message: expect.stringContaining('"plain"') });
    expect((await remove('https://git.invalid/r')).deleteRepository).toEqual({
      deleted: true,
      refusal: null,
    });
  });
});
