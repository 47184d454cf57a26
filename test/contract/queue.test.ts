import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { BullJobQueue } from '../../src/platform/queue/bull-job-queue.ts';
import { describeNeeding } from '../support/missing.ts';
import { emptyQueue } from '../support/empty-queue.ts';
import { startEmptyDatabase } from '../support/postgres.ts';
import { redisNeed, redisServerNeed, startKillableRedis, startRedis } from '../support/redis.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';
import { queueContract } from './queue.contract.ts';

const LOOK_EVERY_MS = 100;

describe('on Postgres', () => {
  queueContract(async () => {
    const { connectionString, stop } = await startEmptyDatabase();
    return {
      open: () => new BullJobQueue({ databaseUrl: connectionString }, silentLog, LOOK_EVERY_MS),
      empty: (job) => emptyQueue(connectionString, job),
      stop,
    };
  });
});

describe('on a Postgres that cuts its connections', () => {
  it('what is added runs at once all the same, and few connections serve every queue', async () => {
    const { connectionString, stop } = await startEmptyDatabase();
    onTestFinished(stop);
    const queue = new BullJobQueue({ databaseUrl: connectionString }, silentLog);
    onTestFinished(() => queue.close());
    const definitions = Array.from({ length: 8 }, (_, index) => ({
      name: `test.cut-${index}`,
      schema: z.object({ id: z.string() }),
      key: ({ id }: { readonly id: string }) => id,
      attempts: 1,
      backoffMs: 20,
    }));
    const ran: string[] = [];
    for (const definition of definitions) {
      queue.implement(definition, ({ id }) => Promise.resolve(void ran.push(`${definition.name} ${id}`)));
    }
    await queue.start();
    const add = (id: string) => Promise.all(definitions.map((definition) => queue.add(definition, [{ id }])));
    const all = (id: string) => definitions.every(({ name }) => ran.includes(`${name} ${id}`));
    await add('before');
    await until('the first jobs', () => all('before'));
    const client = new Client({ connectionString });
    await client.connect();
    onTestFinished(() => client.end());
    const ours = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    const { rows } = await client.query<{ count: number }>(`select count(*)::int count ${ours}`);
    // A listening one, and those of the pool.
    expect(rows[0]?.count).toBeLessThan(9);
    for (const id of ['once', 'twice']) {
      await client.query(`select pg_terminate_backend(pid) ${ours}`);
      await until('a connection that takes jobs', () =>
        add(id).then(
          () => true,
          () => false,
        ),
      );
      // Sooner than by the polls of the workers: somebody listens again.
      await until(`the jobs of ${id}`, () => all(id), { timeoutMs: 4_000 });
    }
  });

  it('a queue whose first try failed works once the database is there', async () => {
    const { connectionString, stop } = await startEmptyDatabase();
    onTestFinished(stop);
    const queue = new BullJobQueue({ databaseUrl: connectionString }, silentLog);
    onTestFinished(() => queue.close());
    const elsewhere = new URL(connectionString);
    const name = elsewhere.pathname.slice(1);
    elsewhere.pathname = '/postgres';
    const client = new Client({ connectionString: elsewhere.href });
    await client.connect();
    onTestFinished(() => client.end());
    const letIn = (yes: boolean) => client.query(`alter database ${name} with allow_connections ${yes}`);
    const definition = {
      name: 'test.first',
      schema: z.object({ id: z.string() }),
      key: ({ id }: { readonly id: string }) => id,
      attempts: 1,
      backoffMs: 20,
    };
    const later = { ...definition, name: 'test.later' };
    const ran: string[] = [];
    for (const each of [definition, later]) {
      queue.implement(each, ({ id }) => Promise.resolve(void ran.push(id)));
    }
    await queue.start();
    await queue.add(definition, [{ id: 'first' }]);
    await letIn(false);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await expect(queue.add(later, [{ id: 'lost' }])).rejects.toThrow();
    await letIn(true);
    await until('the later one to be added', () =>
      queue.add(later, [{ id: 'later' }]).then(
        () => true,
        () => false,
      ),
    );
    await until('it to run', () => ran.includes('later'));
  });
});

describeNeeding(redisNeed(), 'on Redis', () => {
  queueContract(async () => {
    const redis = await startRedis();
    return {
      open: () => new BullJobQueue({ redisUrl: redis.url }, silentLog, LOOK_EVERY_MS),
      empty: (job) => redis.forget(`fairlead:fairlead.${job}:*`),
      stop: redis.stop,
    };
  });
});

describeNeeding(redisServerNeed(), 'on a Redis that was killed and comes back without its data', () => {
  it('what is repeated is repeated again, and what is added runs', async () => {
    const redis = await startKillableRedis();
    onTestFinished(() => redis.stop());
    const queue = new BullJobQueue({ redisUrl: redis.url }, silentLog);
    onTestFinished(() => queue.close());
    const ran: string[] = [];
    const definition = {
      name: 'test.emptied',
      schema: z.object({ id: z.string() }),
      key: ({ id }: { readonly id: string }) => id,
      attempts: 1,
      backoffMs: 20,
    };
    queue.implement(definition, ({ id }) => Promise.resolve(void ran.push(id)));
    await queue.start();
    await queue.repeat(definition, { id: 'tick' }, 200);
    await until('the first runs', () => ran.length >= 3);
    await redis.kill();
    const before = ran.length;
    await redis.start();
    await until('runs after it is back', () => ran.length >= before + 5, { timeoutMs: 60_000 });
    await queue.add(definition, [{ id: 'once' }]);
    await until('the job that was added', () => ran.includes('once'));
    expect(ran.filter((id) => id === 'once')).toHaveLength(1);
  }, 90_000);
});
