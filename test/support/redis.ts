// Redis for contract tests: the one that FAIRLEAD_REDIS_URL names, else `redis-server` from PATH on a free port.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import type { Need } from './missing.ts';
import { until } from './until.ts';

/** A Redis that answers. */
export interface TestRedis {
  readonly url: string;
  /** Breaks every connection to it, as a network would; clients may come back at once. */
  cutConnections(): Promise<void>;
  /** Deletes every key that matches the pattern. */
  forget(pattern: string): Promise<void>;
  stop(): Promise<void>;
}

function redisServer(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
}

/** What a suite on Redis needs, for `describeNeeding`. */
export function redisNeed(): Need {
  const found = process.env['FAIRLEAD_REDIS_URL'] ?? redisServer();
  return {
    what: 'Redis',
    problem: found ? undefined : 'FAIRLEAD_REDIS_URL is not set and there is no redis-server on PATH',
    requiredBy: ['CI', 'FAIRLEAD_REQUIRE_REDIS'],
  };
}

/** What a suite needs that kills its Redis. */
export function redisServerNeed(): Need {
  return {
    what: 'redis-server',
    problem: redisServer() ? undefined : 'there is no redis-server on PATH',
    requiredBy: ['CI', 'FAIRLEAD_REQUIRE_REDIS'],
  };
}

/** Starts one, or takes the one that is named. */
export async function startRedis(): Promise<TestRedis> {
  const given = process.env['FAIRLEAD_REDIS_URL'];
  if (given) return connected(given, () => Promise.resolve());
  const { url, stop } = await startKillableRedis();
  return connected(url, stop);
}

/** A Redis that keeps its address however often it is killed, and never its data. */
export interface KillableRedis {
  readonly url: string;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startKillableRedis(): Promise<KillableRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-redis-'));
  const port = await freePort();
  let life = serve(port, folder);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => life.kill(),
    start: () => {
      life = serve(port, folder);
      return Promise.resolve();
    },
    stop: async () => {
      await life.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(port: number, folder: string): { kill(): Promise<void> } {
  const child = spawn(
    redisServer() ?? 'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    kill: () => {
      process.off('exit', kill);
      kill();
      return ended;
    },
  };
}

async function connected(url: string, stop: () => Promise<void>): Promise<TestRedis> {
  const admin = new Redis(url, { maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  await until('Redis to answer', async () => (await admin.ping()) === 'PONG');
  return {
    url,
    cutConnections: async () => {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    forget: async (pattern) => {
      const keys = await admin.keys(pattern);
      if (keys.length > 0) await admin.del(...keys);
    },
    stop: async () => {
      admin.disconnect();
      await stop();
    },
  };
}
