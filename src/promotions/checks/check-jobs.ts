// The job of checks: ask whatever is due. It may run twice, and on any replica; runs are claimed one by one.
import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** Ask every check that is due now. */
export const runChecks = defineJob({
  name: 'promotions.run-checks',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 1_000,
});
