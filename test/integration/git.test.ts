import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareGitHome, withCredential } from '../../src/platform/git/git-environment.ts';
import { GitMirrors } from '../../src/platform/git/git-mirrors.ts';
import { gitDefaults, type GitSettings } from '../../src/platform/git/git-settings.ts';
import type { RepositoryAccess, RepositoryCredential } from '../../src/platform/git/repository-access.ts';
import { lookUp } from '../../src/platform/render/look-up.ts';
import { SourceError } from '../../src/platform/source-error.ts';
import { serveRepository } from '../support/git-http-server.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { until } from '../support/until.ts';

const folders: string[] = [];
const opened: GitMirrors[] = [];
let repository: TestRepository;

async function mirrors(limits: Partial<GitSettings> = {}): Promise<GitMirrors & { folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-mirrors-'));
  folders.push(folder);
  const made = new GitMirrors({
    ...gitDefaults,
    folder,
    machine: { PATH: process.env['PATH'] ?? '' },
    ...limits,
  });
  opened.push(made);
  return Object.assign(made, { folder });
}

/** A PATH with a git that notes how it is called. */
async function countingGit() {
  const programs = await mkdtemp(path.join(tmpdir(), 'fairlead-counting-git-'));
  folders.push(programs);
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const log = path.join(programs, 'calls');
  await writeFile(log, '');
  await writeFile(path.join(programs, 'git'), `#!/bin/sh\necho "$*" >> ${log}\nexec ${real} "$@"\n`, {
    mode: 0o755,
  });
  const lines = () => readFileSync(log, 'utf8').split('\n');
  return {
    path: `${programs}${path.delimiter}${process.env['PATH']}`,
    count: (words: string) => lines().filter((line) => line.includes(words)).length,
  };
}

async function mirrorFolder(git: { folder: string }): Promise<string> {
  const [name = ''] = (await readdir(git.folder)).filter((entry) => entry.endsWith('.git'));
  return path.join(git.folder, name);
}

function throwUnreachableAway(folder: string): void {
  execFileSync('git', ['--git-dir', folder, 'gc', '--quiet', '--prune=now']);
}

const open = (url: string, credential: RepositoryCredential = { kind: 'NONE' }): RepositoryAccess => ({
  url,
  credential,
});

beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => {
  for (const made of opened.splice(0)) made.onModuleDestroy();
  repository.remove();
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('a mirror', () => {
  it('follows branches, tags and HEAD, and reads files of any commit', async () => {
    const first = repository.commit({ 'app/a.yaml': 'one' }, 'first');
    repository.git('tag', 'v1');
    const git = await mirrors();
    const { refs, head } = await git.fetch(open(repository.url));
    expect(head).toBe(first);
    expect(await git.fetch(open(repository.url))).toEqual({ refs, head });
    const second = repository.commit({ 'app/a.yaml': 'two' }, 'second\n\nwith a body');
    expect((await git.fetch(open(repository.url))).refs).not.toBe(refs);

    const mirror = git.mirror(repository.url);
    expect((await mirror.resolve('v1')).id).toBe(first);
    const commit = await mirror.resolve('HEAD');
    expect(commit).toMatchObject({ id: second, author: 'Ada', authorEmail: 'ada@example.com' });
    expect(commit.message).toBe('second\n\nwith a body');
    const tree = mirror.tree(commit);
    const found = await lookUp(tree, 'app/a.yaml');
    expect((await tree.file(found?.entry.id ?? '')).toString()).toBe('two');
  });

  it('keeps a pinned commit when the branch is rewritten and everything unreachable is thrown away', async () => {
    repository.commit({ 'a.yaml': 'one' });
    const lost = repository.commit({ 'a.yaml': 'two' });
    const git = await mirrors();
    await git.fetch(open(repository.url));
    const mirror = git.mirror(repository.url);
    await mirror.pin(lost);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const rewritten = repository.commit({ 'a.yaml': 'three' });
    await git.fetch(open(repository.url));
    throwUnreachableAway(await mirrorFolder(git));
    expect((await mirror.resolve('main')).id).toBe(rewritten);
    expect((await mirror.commit(lost))?.id).toBe(lost);
  });

  it('asks the remote twice for any number of fetches at one moment: for the one that runs, and once for all others', async () => {
    const calls = await countingGit();
    const first = repository.commit({ a: '1' });
    const git = await mirrors({ machine: { PATH: calls.path } });
    const early = git.fetch(open(repository.url));
    await until('the first to ask', () => calls.count('ls-remote') === 1);
    const late = Array.from({ length: 20 }, () => git.fetch(open(repository.url)));
    expect((await early).head).toBe(first);
    const seen = new Set((await Promise.all(late)).map(({ head }) => head));
    expect(seen).toEqual(new Set([first]));
    expect(calls.count('ls-remote')).toBe(2);
  });

  it('pins a commit once, however many applications have it, and names the one that it cannot pin', async () => {
    const calls = await countingGit();
    const commit = repository.commit({ a: '1' });
    const next = repository.commit({ a: '2' });
    const git = await mirrors({ machine: { PATH: calls.path } });
    await git.fetch(open(repository.url));
    const mirror = git.mirror(repository.url);
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => mirror.pin(commit)));
    }
    expect(calls.count('update-ref -z')).toBe(1);
    const [good, bad] = await Promise.allSettled([mirror.pin(next), mirror.pin('f'.repeat(40))]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('ffff') } });
  });

  it('is made again whole where its folder was deleted, with the pins that are asked for again', async () => {
    repository.commit({ 'a.yaml': 'one' });
    const lost = repository.commit({ 'a.yaml': 'two' });
    const git = await mirrors();
    await git.fetch(open(repository.url));
    const mirror = git.mirror(repository.url);
    await mirror.pin(lost);
    await rm(await mirrorFolder(git), { recursive: true });
    await git.fetch(open(repository.url));
    await mirror.pin(lost);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    await git.fetch(open(repository.url));
    throwUnreachableAway(await mirrorFolder(git));
    expect((await mirror.commit(lost))?.id).toBe(lost);
  });

  it('asks git once for what lies between two commits, and again where the mirror did not hold them yet', async () => {
    const calls = await countingGit();
    const from = repository.commit({ a: '1' });
    const git = await mirrors({ machine: { PATH: calls.path } });
    await git.fetch(open(repository.url));
    const to = repository.commit({ a: '2' });
    const mirror = git.mirror(repository.url);
    expect(await mirror.commitsBetween(from, to, 10)).toEqual([]);
    await git.fetch(open(repository.url));
    const ranges = await Promise.all(Array.from({ length: 20 }, () => mirror.commitsBetween(from, to, 10)));
    for (const range of ranges) expect(range.map(({ id }) => id)).toEqual([to]);
    expect(calls.count('log --max-count')).toBe(1);
  });

  it('sees that a branch was removed', async () => {
    repository.commit({ a: '1' });
    repository.git('branch', 'feature');
    const git = await mirrors();
    await git.fetch(open(repository.url));
    repository.git('branch', '-D', 'feature');
    await git.fetch(open(repository.url));
    await expect(git.mirror(repository.url).resolve('feature')).rejects.toMatchObject({
      code: 'REF_NOT_FOUND',
    });
  });

  it('names what is wrong with a ref, and gives none to git as an option', async () => {
    repository.commit({ a: '1' });
    const git = await mirrors();
    await git.fetch(open(repository.url));
    for (const ref of ['nowhere', '--output=x', 'a'.repeat(40)]) {
      await expect(git.mirror(repository.url).resolve(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
    }
  });

  it('takes a git that was killed for a failure, and not for a repository without commits', async () => {
    repository.commit({ 'app/a.yaml': 'one' }, 'first');
    const programs = await mkdtemp(path.join(tmpdir(), 'fairlead-killed-git-'));
    folders.push(programs);
    const script = '#!/bin/sh\ncase "$*" in *ls-remote*) kill -KILL $$ ;; esac\nexec "$REAL_GIT" "$@"\n';
    const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    await writeFile(path.join(programs, 'git'), script.replace('$REAL_GIT', real), { mode: 0o755 });
    const git = await mirrors({ machine: { PATH: `${programs}${path.delimiter}${process.env['PATH']}` } });
    await expect(git.fetch(open(repository.url))).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
  });

  it('names a repository that is empty, away, or not there', async () => {
    const git = await mirrors();
    await expect(git.fetch(open(repository.url))).rejects.toMatchObject({ code: 'REPOSITORY_EMPTY' });
    await expect(git.fetch(open(`${repository.url}-gone`))).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_FOUND',
    });
    await expect(git.fetch(open('http://127.0.0.1:9/x.git'))).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
    });
  });

  it('names the setting when a repository is too large, and leaves nothing of the clone', async () => {
    repository.commit({ big: Array.from({ length: 60_000 }, () => Math.random()).join('\n') });
    const git = await mirrors({ maxRepositoryBytes: 200_000 });
    const error = await git.fetch(open(repository.url)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'REPOSITORY_TOO_LARGE' });
    expect(String(error)).toContain('FAIRLEAD_GIT_MAX_MIB');
    expect((await readdir(git.folder)).filter((name) => name.endsWith('.git'))).toEqual([]);
  });

  it('follows no redirect, so that a credential never goes to another host than its own', async () => {
    const seen: string[] = [];
    const listen = async (handle: (request: IncomingMessage, response: ServerResponse) => void) => {
      const server = createServer(handle).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    };
    const other = await listen((request, response) => {
      seen.push(request.headers.authorization ?? 'nobody');
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    });
    const first = await listen((request, response) =>
      response.writeHead(301, { location: `${other.url}${request.url}` }).end(),
    );
    const git = await mirrors();
    const access = open(`${first.url}/r.git`, { kind: 'BASIC', username: 'ada', password: 's3cret-word' });
    await expect(git.fetch(access)).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_ALLOWED',
      message: expect.stringContaining('redirect') as string,
    });
    expect(seen).toEqual([]);
    first.server.close();
    other.server.close();
  });

  it('goes to no address of the machine or its cloud that is not allowed, by whatever name', async () => {
    const head = repository.commit({ 'a.yaml': 'one' }, 'first');
    const server = await serveRepository(repository.folder, 'ada:s3cret-word');
    const login = { kind: 'BASIC', username: 'ada', password: 's3cret-word' } as const;
    const byName = server.url.replace('127.0.0.1', 'localhost');
    const closed = await mirrors({ allowedAddresses: [] });
    for (const url of [
      server.url,
      byName,
      'http://169.254.169.254/latest',
      'ssh://git@[fe80::1]/r.git',
      'git@127.0.0.1:r.git',
    ]) {
      await expect(closed.fetch(open(url, login))).rejects.toMatchObject({
        code: 'REPOSITORY_NOT_ALLOWED',
        message: expect.stringContaining('FAIRLEAD_ALLOW_PRIVATE_ADDRESSES') as string,
      });
    }
    const allowing = await mirrors();
    expect((await allowing.fetch(open(byName, login))).head).toBe(head);
    await server.stop();
  });

  it('hands no name to git that leads nowhere, unless there is a proxy that may know it', async () => {
    const url = 'http://repository.invalid/r.git';
    const git = await countingGit();
    const alone = await mirrors({ machine: { PATH: git.path } });
    await expect(alone.fetch(open(url))).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
      message: expect.stringContaining('repository.invalid') as string,
    });
    expect(git.count('ls-remote')).toBe(0);
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const behind = await mirrors({ machine: { PATH: git.path, http_proxy } });
    await expect(behind.fetch(open(url))).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    expect(asked[0]).toContain(url);
    proxy.close();
  });

  it('writes the settings of its git processes once, so that none of them reads a half', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-home-'));
    folders.push(folder);
    const settings = async () => stat(path.join(await prepareGitHome(folder), '.gitconfig'));
    const { ino, mtimeMs } = await settings();
    expect(await settings()).toMatchObject({ ino, mtimeMs });
  });

  it('logs in with a password that no error quotes and no file holds afterwards', async () => {
    const head = repository.commit({ a: '1' });
    const server = await serveRepository(repository.folder, 'ada:s3cret-word');
    try {
      const git = await mirrors();
      await expect(git.fetch(open(server.url))).rejects.toMatchObject({ code: 'REPOSITORY_AUTHENTICATION' });
      const wrong = open(server.url, { kind: 'BASIC', username: 'ada', password: 'wrong-word' });
      const error = await git.fetch(wrong).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'REPOSITORY_AUTHENTICATION' });
      expect(String(error)).not.toContain('wrong-word');
      const right = open(server.url, { kind: 'BASIC', username: 'ada', password: 's3cret-word' });
      expect((await git.fetch(right)).head).toBe(head);
      expect((await readdir(git.folder)).filter((name) => name.startsWith('credential-'))).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  it('gives an SSH key in a file of its own, which nobody else can read and which is gone afterwards', async () => {
    const { folder } = await mirrors();
    const credential = { kind: 'SSH', privateKey: 'the key', knownHosts: 'the hosts' } as const;
    const key = await withCredential({ folder, machine: {} }, credential, async (env) => {
      const command = env['GIT_SSH_COMMAND'] ?? '';
      expect(command).not.toContain('the key');
      expect(command).toContain('StrictHostKeyChecking=yes');
      const file = /-i '([^']+)'/.exec(command)?.[1] ?? '';
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      return file;
    });
    await expect(stat(key)).rejects.toThrow('ENOENT');
  });

  it('throws credential files away that a killed process left, and no others', async () => {
    const git = await mirrors();
    const [lost, used] = ['credential-lost', 'credential-used'].map((each) => path.join(git.folder, each));
    for (const each of [lost, used]) await mkdir(each ?? '');
    await utimes(lost ?? '', 0, 0);
    await git.onModuleInit();
    expect(await readdir(git.folder)).toEqual(['credential-used']);
  });

  it('tries SSH, and names what came of it', async () => {
    const git = await mirrors();
    const credential = { kind: 'SSH', privateKey: 'no key', knownHosts: 'no host' } as const;
    const error = await git
      .fetch(open('ssh://git@127.0.0.1:9/x.git', credential))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toMatch(/ssh/);
    expect(String(error)).not.toMatch(/not permitted/);
  });

  it('reads a file repository that belongs to somebody else', async () => {
    const head = repository.commit({ a: '1' });
    // Only root can give a folder away; for everybody else it is their own.
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', repository.folder]);
    expect((await (await mirrors()).fetch(open(repository.url))).head).toBe(head);
  });

  it('keeps its folder to itself and starts the reader again when it was closed', async () => {
    repository.commit({ a: '1' });
    const git = await mirrors();
    await git.fetch(open(repository.url));
    expect((await stat(path.join(git.folder, 'home'))).mode & 0o077).toBe(0);
    const mirror = git.mirror(repository.url);
    const before = await mirror.resolve('main');
    mirror.close();
    expect(await mirror.resolve('main')).toEqual(before);
  });
});
