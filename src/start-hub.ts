// Starts a hub, and ends one in the order that loses nothing.
import { NestFactory } from '@nestjs/core';
import { AbstractGraphQLDriver } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HubModule } from './hub.module.ts';
import { openPlatform, type OpenedPlatform } from './open-platform.ts';
import { runsJobs, type Config } from './platform/config/config.ts';
import type { Settings } from './platform/config/settings.ts';
import { Readiness } from './platform/http/readiness.ts';
import { nestLogger } from './platform/logging/pino-log.ts';

/** A hub that serves. */
export interface RunningHub {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly config: Config;
  /** Ends it in order; may be called more than once. */
  stop(): Promise<void>;
}

/** Everything up, or everything down again and the reason thrown. */
export async function startHub(settings: Settings): Promise<RunningHub> {
  const platform = await openPlatform(settings);
  try {
    const app = await createApplication(platform);
    const url = await serve(app, platform);
    let stopping: Promise<void> | undefined;
    return { url, config: platform.config, stop: () => (stopping ??= stopInOrder(app, platform)) };
  } catch (error) {
    await platform.close();
    throw error;
  }
}

async function createApplication(platform: OpenedPlatform): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    requestTimeout: 130_000,
    bodyLimit: 1_000_000,
  });
  return NestFactory.create<NestFastifyApplication>(HubModule.forRoot(platform), adapter, {
    logger: nestLogger(platform.log),
    abortOnError: false,
  });
}

async function serve(app: NestFastifyApplication, platform: OpenedPlatform): Promise<string> {
  const { config, log, database, queue } = platform;
  const readiness = app.get(Readiness);
  readiness.register('database', async () => void (await database.sql('select 1')));
  readiness.register('hub', () => Promise.resolve('is starting'));
  await app.listen(config.port, config.host);
  if (runsJobs(config)) await queue.start();
  readiness.register('hub', () => Promise.resolve(undefined));
  const url = `http://127.0.0.1:${addressOf(app)}`;
  log.info('the hub serves', { url, role: config.role, embeddedDatabase: config.embeddedDatabase });
  return url;
}

function addressOf(app: NestFastifyApplication): number {
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * 1. `/readyz` says no, so that no new caller is sent here. 2. Sockets close; agents go elsewhere. 3. Running jobs end,
 * no new one begins. 4. Modules end: the relay finishes its batch, what is held in memory is written, open requests are
 * answered. 5. Queue, fan-out and database connections close, and last the embedded database.
 */
async function stopInOrder(app: NestFastifyApplication, platform: OpenedPlatform): Promise<void> {
  platform.log.info('the hub goes down');
  app.get(Readiness).register('hub', () => Promise.resolve('is going down'));
  await app.get<AbstractGraphQLDriver>(AbstractGraphQLDriver, { strict: false }).stop();
  await platform.queue.drain();
  await app.close();
  await platform.close();
  platform.log.info('the hub is down');
}
