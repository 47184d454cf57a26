// Opens what the hub stands on, in the order in which each needs the one before, and closes it in the reverse.
import { join } from 'node:path';
import type { Config } from './platform/config/config.ts';
import type { Settings } from './platform/config/settings.ts';
import { openOwnDatabase } from './platform/database/embedded/owned-database.ts';
import { migrate } from './platform/database/migrate.ts';
import { PostgresDatabase } from './platform/database/postgres-database.ts';
import { PinoLog } from './platform/logging/pino-log.ts';
import type { PlatformParts } from './platform/platform.module.ts';
import { PostgresPubSub } from './platform/pubsub/postgres-pub-sub.ts';
import { RedisPubSub } from './platform/pubsub/redis-pub-sub.ts';
import { BullJobQueue } from './platform/queue/bull-job-queue.ts';
import { SecretBox } from './platform/secret-box.ts';
import { assertSecretKey, keptSecretKey } from './platform/secret-key.ts';

/** The opened platform. `close` may be called once, after everything that uses it has ended. */
export interface OpenedPlatform extends PlatformParts {
  readonly queue: BullJobQueue;
  close(): Promise<void>;
}

/** Throws with what could not be opened, and then has closed what it had opened before. */
export async function openPlatform(settings: Settings): Promise<OpenedPlatform> {
  const log = new PinoLog(settings.logLevel);
  await using opened = new AsyncDisposableStack();
  const config = await completeConfig(settings, log, opened);
  await migrateAndTell(config, log);
  const database = new PostgresDatabase(config.databaseUrl, log);
  opened.defer(() => database.close());
  const secretBox = new SecretBox(config.secretKey);
  await assertSecretKey(database, secretBox);
  const pubSub = openPubSub(config, database, log);
  opened.defer(() => pubSub.close());
  await pubSub.start();
  const queue = new BullJobQueue(queueBackend(config), log);
  opened.defer(() => queue.close());
  const closing = opened.move();
  return { config, log, database, secretBox, pubSub, queue, close: () => closing.disposeAsync() };
}

async function completeConfig(
  settings: Settings,
  log: PinoLog,
  opened: AsyncDisposableStack,
): Promise<Config> {
  const secretKey = settings.secretKey ?? keptSecretKey(settings.dataDir);
  const { databaseUrl } = settings;
  if (databaseUrl !== undefined) return { ...settings, databaseUrl, secretKey, embeddedDatabase: false };
  const postgres = await openOwnDatabase(join(settings.dataDir, 'postgres'), (message) => log.info(message));
  opened.defer(() => postgres.stop());
  return { ...settings, databaseUrl: postgres.connectionString, secretKey, embeddedDatabase: true };
}

async function migrateAndTell(config: Config, log: PinoLog): Promise<void> {
  for (const name of await migrate(config.databaseUrl)) log.info('migration applied', { migration: name });
}

function openPubSub(config: Config, database: PostgresDatabase, log: PinoLog): PostgresPubSub | RedisPubSub {
  if (config.redisUrl !== undefined) return new RedisPubSub(config.redisUrl, log);
  return new PostgresPubSub(config.databaseUrl, database, log);
}

function queueBackend(config: Config): ConstructorParameters<typeof BullJobQueue>[0] {
  return config.redisUrl === undefined ? { databaseUrl: config.databaseUrl } : { redisUrl: config.redisUrl };
}
