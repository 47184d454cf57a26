// What is done about sources in the background.
import { z } from 'zod';
import { defineJob } from '../platform/queue/job.ts';

const id = z.string().regex(/^\d+$/);

/** Every FAIRLEAD_GIT_INTERVAL: asks for a refresh of each repository in use. */
export const refreshSources = defineJob({
  name: 'refresh-sources',
  schema: z.object({}),
  key: () => 'all',
  attempts: 1,
  backoffMs: 0,
});

/** Fetches one repository and looks at its applications. */
export const refreshRepository = defineJob({
  name: 'refresh-repository',
  schema: z.object({ repositoryId: id }),
  key: ({ repositoryId }) => repositoryId,
  attempts: 3,
  backoffMs: 2_000,
});

/** Fetches and renders one application at once: it was saved, or its policy was. */
export const refreshApplication = defineJob({
  name: 'refresh-application',
  schema: z.object({ applicationId: id }),
  key: ({ applicationId }) => applicationId,
  attempts: 3,
  backoffMs: 2_000,
});
