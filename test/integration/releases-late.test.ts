import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HubModule } from '../../src/hub.module.ts';
import { openPlatform, type OpenedPlatform } from '../../src/open-platform.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { ReleaseCommands } from '../../src/releases/release-commands.ts';
import { ReleaseQueries } from '../../src/releases/release-queries.ts';
import { enrol } from '../support/agent-client.ts';
import { application, saveApplication, savePath } from '../support/applications.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let db: Client;
let repository: TestRepository;
let folder: string;
let platform: OpenedPlatform;
let other: INestApplicationContext;

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site}\ndata: {key: "${key}"}\n`;

// A second process on the same database, with a data folder that has seen no repository.
beforeAll(async () => {
  hub = await startTestHub({ FAIRLEAD_GIT_INTERVAL: '1s' });
  db = new Client({ connectionString: hub.databaseUrl });
  await db.connect();
  folder = await mkdtemp(path.join(tmpdir(), 'fairlead-other-'));
  const settings = readSettings({
    FAIRLEAD_DATABASE_URL: hub.databaseUrl,
    FAIRLEAD_DATA_DIR: folder,
    FAIRLEAD_SECRET_KEY: 'secret-key-of-the-tests-0001',
    FAIRLEAD_ADMIN_TOKEN: hub.adminToken,
    FAIRLEAD_ROLE: 'api',
    FAIRLEAD_LOG_LEVEL: 'error',
  });
  platform = await openPlatform(settings);
  other = await NestFactory.createApplicationContext(HubModule.forRoot(platform), { logger: false });
  repository = makeRepository();
  await savePath(hub, 'standard', ['dev']);
});
afterAll(async () => {
  await other.close();
  await platform.close();
  await db.end();
  await hub.stop();
  repository.remove();
  await rm(folder, { recursive: true, force: true });
});

async function idsOf(name: string): Promise<{ releaseId: bigint; environmentId: bigint }> {
  const { rows } = await db.query(
    `select r.id::text release, e.id::text environment from release r join application a on a.id = r.application_id,
     environment e where a.name = $1 and e.name = 'dev' order by r.number desc limit 1`,
    [name],
  );
  const row = rows[0] as { release: string; environment: string };
  return { releaseId: BigInt(row.release), environmentId: BigInt(row.environment) };
}

async function clusterId(name: string): Promise<bigint> {
  const { rows } = await db.query('select id::text id from cluster where name = $1', [name]);
  return BigInt((rows[0] as { id: string }).id);
}

describe('a release', () => {
  it('follows a commit by itself within the interval', async () => {
    repository.commit({ 'app/a.yaml': configMap('one') });
    await saveApplication(hub, {
      name: 'followed',
      policy: 'standard',
      source: { repository: repository.url, path: 'app' },
    });
    await until('release 1', async () => (await application(hub, 'followed')).latestRelease?.number === 1);
    repository.commit({ 'app/a.yaml': configMap('two') });
    await until('release 2', async () => (await application(hub, 'followed')).latestRelease?.number === 2);
  });
});

describe('a release that another process makes at the same moment', () => {
  it('is never followed by one from an older commit', async () => {
    repository.commit({ 'raced/a.yaml': configMap('one') });
    const source = { repository: repository.url, path: 'raced' };
    await saveApplication(hub, { name: 'raced', policy: 'standard', source });
    await until('release 1', async () => (await application(hub, 'raced')).latestRelease?.number === 1);

    await db.query('begin');
    await db.query(`select from application where name = 'raced' for update`);
    const older = repository.commit({ 'raced/a.yaml': configMap('two') });
    await until('the hub to wait with its release', async () => {
      const waiting = await db.query('select 1 from pg_locks where not granted');
      return waiting.rows.length > 0;
    });
    const newer = repository.commit({ 'raced/a.yaml': configMap('three') });
    await db.query(
      `with made as (
         insert into release (application_id, number, commit, author, author_email, message, committed_at, source, source_digest)
         select application_id, 2, $1, author, author_email, message, committed_at, source, 'another'
           from release where number = 1 and application_id = (select id from application where name = 'raced')
         returning id, application_id
       ), counted as (update application a set next_release_number = 3 from made where a.id = made.application_id)
       insert into release_bundle (release_id, environment_id, inputs_digest, closure_digest, bundle_digest)
       select made.id, b.environment_id, b.inputs_digest, b.closure_digest, b.bundle_digest
         from made join release r on r.application_id = made.application_id join release_bundle b on b.release_id = r.id`,
      [newer],
    );
    await db.query('commit');

    await until('release 3', async () => (await application(hub, 'raced')).latestRelease?.number === 3);
    const { rows } = await db.query(
      `select commit from release where application_id = (select id from application where name = 'raced') order by number`,
    );
    const commits = rows.map((row: { commit: string }) => row.commit);
    expect(commits).not.toContain(older);
    expect(commits.at(-1)).toBe(newer);
  });
});

describe('a cluster that joins after a release was made', () => {
  it('gets a bundle from the pinned commit, also on a machine that never saw the repository, and only what is missing is rendered', async () => {
    await enrol(hub, 'eu-1', { env: 'dev', region: 'eu' });
    repository.commit({ 'r/eu/a.yaml': configMap('eu'), 'r/us/a.yaml': configMap('us, pinned') });
    const source = { repository: repository.url, path: 'r/{{cluster.labels.region}}' };
    await saveApplication(hub, { name: 'late', policy: 'standard', source });
    await until('release 1', async () => (await application(hub, 'late')).latestRelease?.number === 1);
    await enrol(hub, 'us-1', { env: 'dev', region: 'us' });
    await enrol(hub, 'bare-1', { env: 'dev' });
    await enrol(hub, 'asia-1', { env: 'dev', region: 'asia' });

    const { releaseId, environmentId } = await idsOf('late');
    const commands = other.get(ReleaseCommands, { strict: false });
    const { bundles, errors } = await commands.ensureBundles(releaseId, environmentId);
    const digest = bundles.get(await clusterId('us-1')) ?? '';
    const content = await other.get(ReleaseQueries, { strict: false }).bundleContent(digest);
    expect(gunzipSync(content ?? '').toString()).toContain('us, pinned');
    expect(bundles.has(await clusterId('eu-1'))).toBe(true);
    expect(errors.get(await clusterId('bare-1'))?.code).toBe('LABEL_MISSING');
    expect(errors.get(await clusterId('asia-1'))).toMatchObject({
      code: 'PATH_NOT_FOUND',
      message: expect.stringContaining('r/asia'),
    });

    expect((await commands.ensureBundles(releaseId, environmentId)).bundles).toEqual(bundles);
    const { rows } = await db.query('select 1 from release_bundle where release_id = $1', [`${releaseId}`]);
    expect(rows).toHaveLength(2);
  });
});
