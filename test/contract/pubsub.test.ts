import { Client } from 'pg';
import { describe } from 'vitest';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { PostgresPubSub } from '../../src/platform/pubsub/postgres-pub-sub.ts';
import { RedisPubSub } from '../../src/platform/pubsub/redis-pub-sub.ts';
import { describeNeeding } from '../support/missing.ts';
import { startEmptyDatabase } from '../support/postgres.ts';
import { redisNeed, startRedis } from '../support/redis.ts';
import { silentLog } from '../support/silent-log.ts';
import { pubSubContract } from './pubsub.contract.ts';

describe('over LISTEN/NOTIFY', () => {
  pubSubContract(async () => {
    const { connectionString, stop } = await startEmptyDatabase();
    const databases: PostgresDatabase[] = [];
    return {
      replica: async () => {
        const database = new PostgresDatabase(connectionString, silentLog);
        databases.push(database);
        const pubSub = new PostgresPubSub(connectionString, database, silentLog);
        await pubSub.start();
        return pubSub;
      },
      cutConnections: async () => {
        const admin = new Client({ connectionString });
        await admin.connect();
        await admin.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        await admin.end();
      },
      stop: async () => {
        await Promise.all(databases.map((database) => database.close()));
        await stop();
      },
    };
  });
});

describeNeeding(redisNeed(), 'over Redis', () => {
  pubSubContract(async () => {
    const redis = await startRedis();
    return {
      replica: async () => {
        const pubSub = new RedisPubSub(redis.url, silentLog);
        await pubSub.start();
        return pubSub;
      },
      cutConnections: redis.cutConnections,
      stop: redis.stop,
    };
  });
});
