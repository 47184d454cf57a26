import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { GitMirrors } from '../../src/platform/git/git-mirrors.ts';
import { gitDefaults } from '../../src/platform/git/git-settings.ts';
import { renderDefaults, type RenderSettings } from '../../src/platform/render/render-settings.ts';
import type { RenderSource } from '../../src/platform/render/render-source.ts';
import { RendererPrograms } from '../../src/platform/render/renderer-programs.ts';
import { SourceRenderer } from '../../src/platform/render/source-renderer.ts';
import type { SourceTree } from '../../src/platform/render/source-tree.ts';
import { makeRepository, type Files, type TestRepository } from '../support/git-repository.ts';
import { rendererSettings } from '../support/renderers.ts';

let folder: string;
let git: GitMirrors;
let repository: TestRepository;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fairlead-render-test-'));
  git = new GitMirrors({ ...gitDefaults, folder, machine: { PATH: process.env['PATH'] ?? '' } });
});
afterAll(async () => {
  git.onModuleDestroy();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => repository.remove());

function rendererWith(settings: Partial<RenderSettings> = {}): SourceRenderer {
  const all = { ...renderDefaults, ...rendererSettings(), ...settings };
  return new SourceRenderer(all, new RendererPrograms(all));
}
const renderer = rendererWith();

async function committed(files: Files): Promise<SourceTree> {
  repository.commit(files);
  await git.fetch({ url: repository.url, credential: { kind: 'NONE' } });
  const mirror = git.mirror(repository.url);
  return mirror.tree(await mirror.resolve('HEAD'));
}

function source(at: string, change: Partial<RenderSource> = {}): RenderSource {
  const helm = { releaseName: 'shop', namespace: 'shop', valueFiles: [], values: {} };
  return { renderer: 'AUTO', path: at, helm, ...change };
}

async function rendered(tree: SourceTree, of: RenderSource, by = renderer): Promise<[string, string][]> {
  const documents = await by.render(tree, of, await by.closure(tree, of));
  return documents.map(({ value, origin }) => {
    const { kind, metadata } = value as { kind: string; metadata: { name: string } };
    return [`${kind}/${metadata.name}`, origin];
  });
}

const configMap = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`;

describe('PLAIN', () => {
  it('reads every manifest below the path and nothing else', async () => {
    const tree = await committed({
      'app/a.yaml': `${configMap('a')}---\n${configMap('b')}`,
      'app/sub/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'c' } }),
      'app/README.md': 'no manifest: [',
      'other/d.yaml': configMap('d'),
    });
    expect(await rendered(tree, source('app'))).toEqual([
      ['ConfigMap/a', 'app/a.yaml:1'],
      ['ConfigMap/b', 'app/a.yaml:5'],
      ['Service/c', 'app/sub/c.json:1'],
    ]);
    expect(await rendered(tree, source('app/sub/c.json'))).toEqual([['Service/c', 'app/sub/c.json:1']]);
  });

  it('changes its digest with what it reads only', async () => {
    const before = await renderer.closure(await committed({ 'app/a.yaml': configMap('a') }), source('app'));
    const elsewhere = await renderer.closure(
      await committed({ 'app/b.md': 'x', 'c.yaml': 'y' }),
      source('app'),
    );
    const touched = await renderer.closure(await committed({ 'app/a.yaml': configMap('b') }), source('app'));
    expect(elsewhere.digest).toBe(before.digest);
    expect(touched.digest).not.toBe(before.digest);
  });

  it('follows links inside the repository and refuses those that lead out', async () => {
    const inside = await committed({ 'real/a.yaml': configMap('a'), 'app/folder': { link: '../real' } });
    expect(await rendered(inside, source('app'))).toEqual([['ConfigMap/a', 'app/folder/a.yaml:1']]);
    for (const link of ['/etc/passwd', '../../../etc/passwd']) {
      const outside = await committed({ 'app/x.yaml': { link } });
      await expect(renderer.closure(outside, source('app'))).rejects.toMatchObject({
        code: 'SYMLINK_OUTSIDE',
      });
    }
    const circle = await committed({ 'app/x.yaml': null, 'app/folder': { link: '.' } });
    await expect(renderer.closure(circle, source('app'))).rejects.toMatchObject({ code: 'SYMLINK_OUTSIDE' });
  });

  it('names a path that is not there', async () => {
    const tree = await committed({ 'app/a.yaml': configMap('a') });
    await expect(renderer.closure(tree, source('missing'))).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
      message: expect.stringContaining('"missing"'),
    });
  });
});

const overlays: Files = {
  'base/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator: [{name: site, files: [site.ini]}]\n',
  'base/web.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n',
  'base/site.ini': 'a=1',
  'overlays/dev/kustomization.yaml':
    'resources: [../../base]\nnamePrefix: dev-\npatches: [{path: port.yaml}]\n',
  'overlays/dev/port.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n',
};

describe('KUSTOMIZE', () => {
  it('builds an overlay over its base', async () => {
    const names = (await rendered(await committed(overlays), source('overlays/dev'))).map(([name]) => name);
    expect(names.map((name) => name.replace(/-\w{10}$/, '')).sort()).toEqual([
      'ConfigMap/dev-site',
      'Service/dev-web',
    ]);
  });

  it('changes its digest when only a base changes, and not when an unread file does', async () => {
    const of = source('overlays/dev');
    const before = await renderer.closure(await committed(overlays), of);
    const base = await renderer.closure(await committed({ 'base/site.ini': 'a=2' }), of);
    const unread = await renderer.closure(
      await committed({ 'base/notes.md': 'x', 'overlays/dev/x.txt': 'y' }),
      of,
    );
    expect(base.digest).not.toBe(before.digest);
    expect(unread.digest).toBe(base.digest);
  });

  it('refuses remote bases, naming the file and the base', async () => {
    const tree = await committed({
      'k/kustomization.yaml': 'resources: ["https://github.com/o/r//base?ref=v1"]\n',
    });
    await expect(renderer.closure(tree, source('k'))).rejects.toMatchObject({
      code: 'KUSTOMIZE_REMOTE_BASE',
      message: expect.stringContaining('k/kustomization.yaml names https://github.com/o/r//base?ref=v1'),
    });
  });

  it('names a file that a kustomization asks for in vain', async () => {
    const tree = await committed({ 'k/kustomization.yaml': 'resources: [gone.yaml]\n' });
    await expect(renderer.closure(tree, source('k'))).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
      message: expect.stringContaining('k/kustomization.yaml names "gone.yaml"'),
    });
  });

  it('gives the reason of kustomize without the name of its private folder, and leaves no folder behind', async () => {
    const tree = await committed({ 'k/kustomization.yaml': 'resources: [a.yaml]\n', 'k/a.yaml': 'kind: [' });
    const of = source('k');
    const error = await rendered(tree, of).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'RENDER_FAILED', message: expect.stringContaining('a.yaml') });
    expect(String(error)).not.toContain(tmpdir());
    expect((await readdir(tmpdir())).filter((name) => /^fairlead-render-(?!test)/.test(name))).toEqual([]);
  });

  it('gives up after its time and beyond its output', async () => {
    const tree = await committed(overlays);
    const slow = rendererWith({ timeoutMs: 1 });
    await expect(rendered(tree, source('overlays/dev'), slow)).rejects.toMatchObject({
      code: 'RENDER_TIMEOUT',
    });
    const small = rendererWith({ maxOutputBytes: 10 });
    await expect(rendered(tree, source('overlays/dev'), small)).rejects.toMatchObject({
      code: 'RENDER_TOO_LARGE',
    });
  });

  it('says what to install where there is no kustomize', async () => {
    const without = rendererWith({ searchPath: [], toolCache: '/nonexistent', kustomize: undefined });
    const tree = await committed(overlays);
    await expect(without.closure(tree, source('overlays/dev'))).rejects.toMatchObject({
      code: 'RENDERER_MISSING',
      message: expect.stringContaining('FAIRLEAD_KUSTOMIZE'),
    });
  });
});

const chart: Files = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'word: default\n',
  'chart/crds/c.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c.example.com}\n',
  'chart/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-{{ .Values.word }}-{{ .Release.Namespace }}"}\n',
  'chart/templates/tests/t.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n',
  'values/dev.yaml': 'word: dev\n',
};

describe('HELM', () => {
  it('renders a chart with its resource definitions and without its tests', async () => {
    expect(await rendered(await committed(chart), source('chart'))).toEqual([
      ['CustomResourceDefinition/c.example.com', 'chart/crds/c.yaml'],
      ['ConfigMap/shop-default-shop', 'chart/templates/a.yaml'],
    ]);
  });

  it('takes value files of the repository, and values over them', async () => {
    const tree = await committed(chart);
    const helm = { releaseName: 'r', namespace: 'n', valueFiles: ['/values/dev.yaml'], values: {} };
    const names = async (values: unknown) =>
      (await rendered(tree, source('chart', { helm: { ...helm, values } }))).map(([name]) => name);
    expect(await names({})).toContain('ConfigMap/r-dev-n');
    expect(await names({ word: 'own' })).toContain('ConfigMap/r-own-n');
  });

  it('changes its digest with a value file and with values', async () => {
    const helm = { releaseName: 'r', namespace: 'n', valueFiles: ['/values/dev.yaml'], values: {} };
    const before = await renderer.closure(await committed(chart), source('chart', { helm }));
    const tree = await committed({ 'values/dev.yaml': 'word: other\n' });
    const file = await renderer.closure(tree, source('chart', { helm }));
    const values = await renderer.closure(tree, source('chart', { helm: { ...helm, values: { a: 1 } } }));
    expect(new Set([before.digest, file.digest, values.digest]).size).toBe(3);
  });

  it('names a value file that is not there, and the template that fails', async () => {
    const tree = await committed(chart);
    const helm = { releaseName: 'r', namespace: 'n', valueFiles: ['gone.yaml'], values: {} };
    await expect(renderer.closure(tree, source('chart', { helm }))).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
      message: expect.stringContaining('chart/gone.yaml'),
    });
    const broken = await committed({ 'chart/templates/b.yaml': '{{ fail "no luck" }}' });
    await expect(rendered(broken, source('chart'))).rejects.toMatchObject({
      code: 'RENDER_FAILED',
      message: expect.stringContaining('no luck'),
    });
  });

  it('sees nothing of the machine', async () => {
    const tree = await committed({
      ...chart,
      'chart/templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "x{{ .Files.Get "../../../../etc/hostname" }}{{ .Files.Get "/etc/hostname" }}"}\n',
    });
    expect((await rendered(tree, source('chart'))).map(([name]) => name)).toContain('ConfigMap/x');
  });
});
