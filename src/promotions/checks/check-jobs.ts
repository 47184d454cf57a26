// The jobs of checks. Each may run twice and on any replica: a run is claimed before it is asked.
import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Ask one run, if it is due. */
export const askCheck = defineJob({
  name: 'promotions.ask-check',
  schema: z.object({ id: z.string().regex(/^\d+$/) }),
  key: ({ id }) => id,
  attempts: 3,
  backoffMs: 1_000,
});

/** Find the runs that are due: new ones, those of a replica that died, deadlines. */
export const findDueChecks = defineJob({
  name: 'promotions.find-due-checks',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 1_000,
});
