import { describe } from 'vitest';
import { BullJobQueue } from '../../src/platform/queue/bull-job-queue.ts';
import { describeNeeding } from '../support/missing.ts';
import { emptyQueue } from '../support/empty-queue.ts';
import { startEmptyDatabase } from '../support/postgres.ts';
import { redisNeed, startRedis } from '../support/redis.ts';
import { silentLog } from '../support/silent-log.ts';
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
