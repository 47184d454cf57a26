// What is looked at every few seconds about all clusters.
import { z } from 'zod';
import { defineJob } from '../platform/queue/job.ts';

/** Tells of agents that came or went silent, and forgets deleted clusters whose agents are done. */
export const sweepClusters = defineJob({
  name: 'sweep-clusters',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 0,
});
