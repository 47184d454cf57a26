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

/** The hub's health rules changed: every agent has to ask for them. */
export const wakeAllAgents = defineJob({
  name: 'wake-all-agents',
  schema: z.object({}),
  key: () => 'all',
  attempts: 5,
  backoffMs: 1_000,
});
