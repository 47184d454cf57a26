// Everything that the chapters of the story play with.
import type { DemoCluster } from '../clusters/demo-cluster.ts';
import type { DataFolder } from '../data-folder.ts';
import type { ExampleRepository } from '../example-repository.ts';
import type { HubApi } from '../hub-api.ts';
import type { Narrator } from '../narrator.ts';
import type { ProgramSet } from '../programs/program-set.ts';

/** Hub and clusters run when the story begins. */
export interface Stage {
  readonly api: HubApi;
  readonly clusters: readonly DemoCluster[];
  readonly repository: ExampleRepository;
  readonly narrator: Narrator;
  readonly programs: ProgramSet;
  readonly folder: DataFolder;
  /** How long one step may take on these clusters. */
  readonly patienceMs: number;
}

/** The application of the story; its namespace has the same name. */
export const APPLICATION = 'shop';
