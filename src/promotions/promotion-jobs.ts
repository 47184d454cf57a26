// The jobs of promotions. Each may run twice, and is only a request to look again.
import { z } from 'zod';
import { defineJob } from '../platform/queue/job.ts';

const id = z.string().regex(/^\d+$/);

/** Move one slot as far as it can go. */
export const advanceSlot = defineJob({
  name: 'promotions.advance-slot',
  schema: z.object({ applicationId: id, environmentId: id }),
  key: ({ applicationId, environmentId }) => `${applicationId}/${environmentId}`,
  attempts: 8,
  backoffMs: 200,
});

/** Make the promotions of AUTOMATIC steps for an application's newest release. */
export const automatePromotions = defineJob({
  name: 'promotions.automate',
  schema: z.object({ applicationId: id }),
  key: ({ applicationId }) => applicationId,
  attempts: 8,
  backoffMs: 200,
});

/** Claim the slots whose moment has come: deadlines, graces, bakes, windows; and see whether verified releases stay well. */
export const watchDeadlines = defineJob({
  name: 'promotions.watch-deadlines',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 1_000,
});

/** Find what no notice moved: pending promotions, clusters without an assignment, releases that automation passed over. */
export const sweepSlots = defineJob({
  name: 'promotions.sweep',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 1_000,
});
