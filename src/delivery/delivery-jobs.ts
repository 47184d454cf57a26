// What delivery does apart from requests.
import { z } from 'zod';
import { defineJob } from '../platform/queue/job.ts';

/** An application was saved: its namespace or sync policy may have changed, which is part of what is assigned. */
export const reassignSettings = defineJob({
  name: 'reassign-settings',
  schema: z.object({ applicationId: z.string() }),
  key: ({ applicationId }) => applicationId,
  attempts: 5,
  backoffMs: 1_000,
});

/** Looks at all applications now and then: a job that failed for good, or was lost with its queue, is made up for. */
export const reassignAllSettings = defineJob({
  name: 'reassign-all-settings',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 0,
});

/** The hub's health rules changed: every agent has to ask for them. */
export const wakeAllAgents = defineJob({
  name: 'wake-all-agents',
  schema: z.object({}),
  key: () => 'all',
  attempts: 5,
  backoffMs: 1_000,
});
