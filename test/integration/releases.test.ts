import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrol } from '../support/agent-client.ts';
import { application, refresh, saveApplication, savePath } from '../support/applications.ts';
import { serveRepository } from '../support/git-http-server.ts';
import { makeRepository, type Files, type TestRepository } from '../support/git-repository.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { rendererSettings } from '../support/renderers.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let db: Client;
let repository: TestRepository;
let name: string;
let counter = 0;

beforeAll(async () => {
  const { kustomize = '', helm = '' } = rendererSettings();
  hub = await startTestHub({
    FAIRLEAD_KUSTOMIZE: kustomize,
    FAIRLEAD_HELM: helm,
    // Long: what must happen at once must not be helped by the interval.
    FAIRLEAD_GIT_INTERVAL: '1h',
  });
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  await savePath(hub, 'standard', ['dev', 'prod']);
});
afterAll(async () => {
  await db.end();
  await hub.stop();
});
beforeEach(() => {
  repository = makeRepository();
  name = `app-${++counter}`;
});
afterEach(() => repository.remove());

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site}\ndata: {key: "${key}"}\n`;
const overlays: Files = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': configMap('base'),
  'overlays/dev/kustomization.yaml': 'resources: [../../base]\nnamePrefix: dev-\n',
  'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamePrefix: prod-\n',
};

async function saved(path: string, source: object = {}): Promise<void> {
  await saveApplication(hub, {
    name,
    policy: 'standard',
    namespace: 'shop',
    source: { repository: repository.url, path, ...source },
  });
}

async function bundleText(digest: string): Promise<string> {
  const { rows } = await db.query('select content from bundle where digest = $1', [digest]);
  return gunzipSync((rows[0] as { content: Buffer }).content).toString();
}

const eventKinds = async () => {
  const { activity } = await hub.graphql<{ activity: { nodes: { kind: string }[] } }>(
    'query ($filter: ActivityFilter) { activity(filter: $filter) { nodes { kind } } }',
    { filter: { application: name } },
  );
  return activity.nodes.map(({ kind }) => kind);
};

describe('a release', () => {
  it('is made at once when an application is saved, with a bundle for each environment', async () => {
    const commit = repository.commit(overlays, 'first\n\nbody');
    await saved('overlays/{{environment}}');
    await until('a release', async () => (await application(hub, name)).latestRelease !== null);
    const { latestRelease } = await application(hub, name);
    expect(latestRelease).toMatchObject({ number: 1, commit, author: 'Ada', message: 'first\n\nbody' });
    const bundles = latestRelease?.bundles.nodes ?? [];
    expect(bundles.map(({ environment, objects }) => [environment.name, objects])).toEqual([
      ['dev', 1],
      ['prod', 1],
    ]);
    for (const { digest, environment } of bundles) {
      const text = await bundleText(digest);
      expect(createHash('sha256').update(text).digest('hex')).toBe(digest);
      expect(text).toContain(`"${environment.name}-site"`);
    }
    expect(await eventKinds()).toContain('release.created');
  });

  it('is made by a commit that touches only a base, and not by one that touches nothing rendered', async () => {
    repository.commit(overlays);
    await saved('overlays/{{environment}}');
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    repository.commit({ 'README.md': 'unrelated', 'base/unread.txt': 'x' });
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    repository.commit({ 'base/web.yaml': `# only a comment\n${configMap('base')}` });
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    const commit = repository.commit({ 'base/web.yaml': configMap('changed') });
    expect((await refresh(hub, name)).latestRelease).toMatchObject({ number: 2, commit });
  });

  it('stays when a later render is broken; the fault names file and line, is told once, and goes when it is mended', async () => {
    repository.commit({ 'app/a.yaml': configMap('good') });
    await saved('app');
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    repository.commit({ 'app/a.yaml': 'a: 1\nb: [\n' });
    await refresh(hub, name);
    const broken = await refresh(hub, name);
    expect(broken.sourceError).toMatchObject({
      code: 'YAML_INVALID',
      message: expect.stringMatching(/^app\/a\.yaml:\d/),
    });
    expect(broken.latestRelease?.number).toBe(1);
    const commit = repository.commit({ 'app/a.yaml': configMap('mended') });
    expect(await refresh(hub, name)).toMatchObject({
      sourceError: null,
      latestRelease: { number: 2, commit },
    });
    const kinds = await eventKinds();
    expect(kinds.filter((kind) => kind === 'application.source-failed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'application.source-recovered')).toHaveLength(1);
  });

  it('survives a force-push', async () => {
    repository.commit({ 'app/a.yaml': configMap('one') });
    await saved('app');
    await refresh(hub, name);
    const lost = repository.commit({ 'app/a.yaml': configMap('two') });
    await refresh(hub, name);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const rewritten = repository.commit({ 'app/a.yaml': configMap('three') });
    expect((await refresh(hub, name)).latestRelease).toMatchObject({ number: 3, commit: rewritten });
    const { release } = await hub.graphql<{ release: { commit: string; application: { name: string } } }>(
      'query ($application: String!) { release(application: $application, number: 2) { commit application { name } } }',
      { application: name },
    );
    expect(release).toEqual({ commit: lost, application: { name } });
  });

  it('is stored encrypted when it holds a Secret', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {word: swordfish-swordfish}\n';
    repository.commit({ 'app/s.yaml': secret });
    await saved('app');
    const digest = (await refresh(hub, name)).latestRelease?.bundles.nodes[0]?.digest ?? '';
    const { rows } = await db.query('select content, encrypted from bundle where digest = $1', [digest]);
    const { content, encrypted } = rows[0] as { content: Buffer; encrypted: boolean };
    expect(encrypted).toBe(true);
    expect(() => gunzipSync(content)).toThrow();
  });

  it('is made anew when settings lead to other objects, and not when they lead to the same', async () => {
    repository.commit({
      'one/a.yaml': configMap('x'),
      'two/a.yaml': configMap('x'),
      'three/a.yaml': configMap('y'),
    });
    await saved('one');
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    await saved('two');
    expect((await refresh(hub, name)).latestRelease?.number).toBe(1);
    await saved('three');
    expect((await refresh(hub, name)).latestRelease?.number).toBe(2);
  });

  it('may hold no object at all', async () => {
    repository.commit({ 'app/empty.yaml': '# nothing\n' });
    await saved('app');
    expect((await refresh(hub, name)).latestRelease?.bundles.nodes).toMatchObject([
      { objects: 0 },
      { objects: 0 },
    ]);
  });

  it('expands lists, and takes a definition and its resource, a namespace and its content in one bundle', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: team}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: team}}\n`;
    const definition =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: gadgets.example.com}\n';
    const resource = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n';
    repository.commit({ 'app/all.yaml': [list, definition, resource].join('---\n') });
    await saved('app');
    expect((await refresh(hub, name)).latestRelease?.bundles.nodes[0]?.objects).toBe(4);
  });
});

describe('a source that cannot be used is named', () => {
  const fault = async (source: object, files?: Files) => {
    if (files) repository.commit(files);
    await saved('app', source);
    const { sourceError, latestRelease } = await refresh(hub, name);
    expect(latestRelease).toBeNull();
    return sourceError;
  };
  const good: Files = { 'app/a.yaml': configMap('a') };

  it.each<[string, object, Files | undefined, RegExp]>([
    ['REPOSITORY_EMPTY', {}, undefined, /no commit yet/],
    ['REF_NOT_FOUND', { ref: 'nowhere' }, good, /"nowhere"/],
    ['PATH_NOT_FOUND', { path: 'missing/{{environment}}' }, good, /missing\/dev/],
    ['REPOSITORY_UNREACHABLE', { repository: 'http://127.0.0.1:9/x.git' }, undefined, /127\.0\.0\.1:9/],
    ['DUPLICATE_OBJECT', {}, { ...good, 'app/b.yaml': configMap('b') }, /app\/a\.yaml:1.*app\/b\.yaml:1/],
    [
      'OBJECT_INVALID',
      {},
      { 'app/a.yaml': 'apiVersion: v1\nmetadata: {name: x}\n' },
      /app\/a\.yaml:1.*no kind/,
    ],
    ['SYMLINK_OUTSIDE', {}, { 'app/a.yaml': { link: '/etc/passwd' } }, /app\/a\.yaml/],
    [
      'KUSTOMIZE_REMOTE_BASE',
      {},
      { 'app/kustomization.yaml': 'resources: ["https://example.com/base.yaml"]\n' },
      /example\.com/,
    ],
  ])('%s', async (code, source, files, message) => {
    expect(await fault(source, files)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('REPOSITORY_NOT_FOUND, also at the repository itself, until it is there', async () => {
    const { folder, url } = repository;
    const away = { repository: `${url}-moved` };
    expect(await fault(away, good)).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    const { repositories } = await hub.graphql<{
      repositories: { nodes: { url: string; error: object | null }[] };
    }>('{ repositories(first: 500) { nodes { url error { code } } } }');
    expect(repositories.nodes.find((each) => each.url === away.repository)?.error).toEqual({
      code: 'REPOSITORY_NOT_FOUND',
    });
    repository.git('clone', '--quiet', '--bare', '.', `${folder}-moved`);
    expect(await refresh(hub, name)).toMatchObject({ sourceError: null, latestRelease: { number: 1 } });
    rmSync(`${folder}-moved`, { recursive: true, force: true });
  });
});

describe('a repository that wants a credential', () => {
  it('is named, and makes a release as soon as the credential is saved', async () => {
    repository.commit({ 'app/a.yaml': configMap('a') });
    const server = await serveRepository(repository.folder, 'ada:hunter2-hunter2');
    try {
      await saved('app', { repository: server.url });
      expect((await refresh(hub, name)).sourceError).toMatchObject({ code: 'REPOSITORY_AUTHENTICATION' });
      await hub.graphql(
        'mutation ($input: RepositoryInput!) { saveRepository(input: $input) { refusal { code } } }',
        { input: { url: server.url, username: 'ada', password: 'hunter2-hunter2' } },
      );
      await until('a release', async () => (await application(hub, name)).latestRelease !== null);
      expect((await application(hub, name)).sourceError).toBeNull();
    } finally {
      await server.stop();
    }
  });
});

describe('inputs of clusters', () => {
  it('are rendered once for each distinct value; a cluster without the label is left out, and one that joins makes no release', async () => {
    repository.commit({ 'r/eu/a.yaml': configMap('eu'), 'r/us/a.yaml': configMap('us') });
    await enrol(hub, 'eu-1', { env: 'dev', region: 'eu' });
    await enrol(hub, 'eu-2', { env: 'dev', region: 'eu' });
    await enrol(hub, 'bare', { env: 'dev' });
    await saved('r/{{cluster.labels.region}}');
    const first = await refresh(hub, name);
    expect(first).toMatchObject({ sourceError: null, latestRelease: { number: 1 } });
    expect(first.latestRelease?.bundles.nodes.map(({ environment }) => environment.name)).toEqual(['dev']);
    await enrol(hub, 'us-1', { env: 'dev', region: 'us' });
    await enrol(hub, 'asia-1', { env: 'dev', region: 'asia' });
    expect(await refresh(hub, name)).toMatchObject({ sourceError: null, latestRelease: { number: 1 } });
    const commit = repository.commit({ 'r/us/a.yaml': configMap('us, changed') });
    expect((await refresh(hub, name)).latestRelease).toMatchObject({ number: 2, commit });
  });
});

describe('a list of applications with their releases', () => {
  it('costs the same number of statements for one as for many', async () => {
    repository.commit({ 'app/a.yaml': configMap('a') });
    for (const suffix of ['a', 'b', 'c']) {
      name = `many-${suffix}`;
      await saved('app');
      await refresh(hub, name);
    }
    const query = `query ($first: Int!) { applications(first: $first, search: "many-") { nodes {
      policy { name } latestRelease { number application { name } }
      releases(first: 2) { nodes { number bundles(first: 5) { nodes { digest environment { name } } } } } } } }`;
    // The refreshes that the saves asked for may still run and ask as well: wait for a moment without them.
    await until('as many statements for three as for one', async () => {
      const one = await statementsOf(() => hub.graphql(query, { first: 1 }));
      const all = await statementsOf(() => hub.graphql(query, { first: 50 }));
      return one.length > 4 && all.join() === one.join();
    });
  });
});

/** What `work` asked of the tables of this part; jobs and relays ask others. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const query = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0] as { readonly text?: string }).text;
    if (text && /from (application a|policy p|environment|release|release_bundle|unnest)\b/.test(text))
      seen.push(text);
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
    return seen;
  } finally {
    Client.prototype.query = query;
  }
}
