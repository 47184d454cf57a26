// The example repository: a real one, whatever the person's own Git settings are, and kept between starts.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExampleRepository } from '../../demo/example-repository.ts';

let folder: string;

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'fairlead-demo-repository-')), 'repository');
});

afterEach(() => {
  rmSync(path.dirname(folder), { recursive: true, force: true });
});

const git = (...words: string[]) =>
  execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' }).trim();

it('is a clean repository with one commit by a fixed author', async () => {
  const repository = await ExampleRepository.open(folder);
  expect(git('log', '--format=%an <%ae> %s')).toBe('Shop Team <shop@example.com> Open the shop');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('branch', '--show-current')).toBe('main');
  expect(await repository.versionAt((await repository.head()).sha)).toBe('1.0.0');
});

it('says the new version in every environment after it was raised, and the old one in the old commit', async () => {
  const repository = await ExampleRepository.open(folder);
  const before = await repository.head();
  const after = await repository.raiseVersion();
  expect(after.message).toBe('Shop 1.1.0');
  expect(await repository.versionAt(after.sha)).toBe('1.1.0');
  expect(await repository.versionAt(before.sha)).toBe('1.0.0');
  for (const environment of ['dev', 'staging', 'prod']) {
    const shown = git('show', `HEAD:apps/shop/${environment}/deployment.yaml`);
    expect(shown).toContain('app.kubernetes.io/version: "1.1.0"');
    expect(shown).not.toContain('1.0.0');
  }
});

it('is kept as people left it when it is opened again', async () => {
  await (await ExampleRepository.open(folder)).raiseVersion();
  const page = path.join(folder, 'apps/shop/dev/page.yaml');
  appendFileSync(page, '# mine\n');
  const again = await ExampleRepository.open(folder);
  expect((await again.head()).message).toBe('Shop 1.1.0');
  expect(readFileSync(page, 'utf8')).toContain('# mine');
});

it('says what to do when a person took the version out', async () => {
  const repository = await ExampleRepository.open(folder);
  git('rm', '--quiet', '-r', 'apps/shop/dev/page.yaml');
  const file = path.join(folder, 'apps/shop/dev/deployment.yaml');
  execFileSync('sed', ['-i.bak', '/version/d', file]);
  await expect(repository.raiseVersion()).rejects.toThrow(
    /says no version .*put it back, or remove that folder/,
  );
});
