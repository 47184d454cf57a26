// What drift does apart from requests. Each looks again, and may run twice.
import { z } from 'zod';
import { defineJob } from '../platform/queue/job.ts';

const again = { attempts: 5, backoffMs: 1_000 };

/** An exception came or went: the agents of the instances that it concerns are to know. */
export const spreadException = defineJob({
  name: 'spread-drift-exception',
  schema: z.object({ exceptionId: z.string() }),
  key: ({ exceptionId }) => exceptionId,
  ...again,
});

/** Instances are new: exceptions may concern them. */
export const exceptInstances = defineJob({
  name: 'except-instances',
  schema: z.object({ instanceIds: z.array(z.string()) }),
  key: ({ instanceIds }) => `${instanceIds[0] ?? ''}-${instanceIds.length}`,
  ...again,
});

/** A cluster changed, perhaps its labels: exceptions with a selector may concern it now, or no longer. */
export const exceptCluster = defineJob({
  name: 'except-cluster',
  schema: z.object({ clusterId: z.string() }),
  key: ({ clusterId }) => clusterId,
  ...again,
});

/** Exceptions whose time has come. */
export const expireExceptions = defineJob({
  name: 'expire-drift-exceptions',
  schema: z.object({}),
  key: () => 'expire',
  attempts: 1,
  backoffMs: 1_000,
});

/** Instances were removed, or what was reported of them was forgotten. */
export const endDrift = defineJob({
  name: 'end-drift',
  schema: z.object({ instanceIds: z.array(z.string()) }),
  key: ({ instanceIds }) => `${instanceIds[0] ?? ''}-${instanceIds.length}`,
  ...again,
});

/** Months of history: those to come are made, those that are too old are dropped; and what was left behind is swept. */
export const keepDriftHistory = defineJob({
  name: 'keep-drift-history',
  schema: z.object({}),
  key: () => 'keep',
  attempts: 3,
  backoffMs: 10_000,
});
