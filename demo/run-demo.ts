// One run of the demo: everything up, the story, and everything down again, however it ends.
import { closingWords } from './closing-words.ts';
import { ensureControlPlanePrograms } from './clusters/control-plane-clusters.ts';
import type { Fleet } from './clusters/demo-cluster.ts';
import { startClusters } from './clusters/start-clusters.ts';
import { adminToken, dataFolderOf, openDataFolder, type DataFolder } from './data-folder.ts';
import type { DemoOptions } from './demo-options.ts';
import { ExampleRepository } from './example-repository.ts';
import { fleetInWords, planFleet, type PlannedCluster } from './fleet-plan.ts';
import { HubApi } from './hub-api.ts';
import { Narrator, StoryFailed } from './narrator.ts';
import { chooseHubPort, hubProgram } from './programs/hub-program.ts';
import { ProgramSet } from './programs/program-set.ts';
import { RunFile } from './programs/run-file.ts';
import type { Stage } from './story/stage.ts';
import { tellStory } from './story/tell-story.ts';

/** The person, or whoever started us, wants it to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** `kill` ends at once all programs that were started; for the impatient. */
export interface DemoControl {
  readonly ending: AbortController;
  onPrograms(programs: ProgramSet): void;
}

/**
 * Runs the demo and gives the exit code: 0 when the story was told (and, without `--check`, somebody ended it), 1 when
 * a step failed or a program ended by itself.
 */
export async function runDemo(options: DemoOptions, control: DemoControl): Promise<number> {
  const narrator = new Narrator((line) => console.log(line), control.ending.signal);
  const plan = planFleet(options);
  const folder = dataFolderOf(options);
  openDataFolder(folder, plan);
  const runFile = await RunFile.claim(folder.runFile, (message) => narrator.say(message));
  const { ending } = control;
  const programs = new ProgramSet(folder.logs, runFile, (error) => ending.abort(error));
  control.onPrograms(programs);
  const run = new Run({ options, plan, folder, narrator, programs, ending: ending.signal });
  try {
    return await run.toTheEnd();
  } finally {
    await run.stop();
    runFile.release();
  }
}

interface RunParts {
  readonly options: DemoOptions;
  readonly plan: readonly PlannedCluster[];
  readonly folder: DataFolder;
  readonly narrator: Narrator;
  readonly programs: ProgramSet;
  readonly ending: AbortSignal;
}

const START_MS = 120_000;
const PATIENCE_MS = { simulated: 60_000, real: 180_000 };

class Run {
  readonly #parts: RunParts;
  #fleet: Fleet | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async toTheEnd(): Promise<number> {
    const { options, folder, narrator, ending } = this.#parts;
    const token = adminToken(folder);
    try {
      const stage = await this.#setStage(token);
      await tellStory(stage);
      if (options.check) return this.#verdict(0);
      console.log(closingWords(stage, token));
      throw await endOf(ending);
    } catch (error) {
      if (error instanceof Interrupted && !options.check) return 0;
      if (!(error instanceof StoryFailed)) narrator.tellTrouble(error);
      narrator.say(`The programs' own words are in ${folder.logs}`);
      return this.#verdict(1);
    }
  }

  /** Programs first, then what they ran against. */
  async stop(): Promise<void> {
    await this.#parts.programs.stop();
    await this.#fleet?.stop();
  }

  #verdict(exitCode: number): number {
    const { narrator, options } = this.#parts;
    if (options.check) console.log(`\n${narrator.tally}`);
    return exitCode;
  }

  async #setStage(token: string): Promise<Stage> {
    const { options, plan, folder, narrator, programs } = this.#parts;
    if (plan.some(({ kind }) => kind === 'control-plane')) await ensureControlPlanePrograms();
    const repository = await ExampleRepository.open(folder.repository);
    this.#fleet = await this.#startFleet();
    const port = await chooseHubPort(options);
    const api = new HubApi(`http://127.0.0.1:${port}`, token);
    await this.#startHub(api, port, token);
    const isSimulated = plan.every(({ kind }) => kind === 'simulated');
    const patienceMs = isSimulated ? PATIENCE_MS.simulated : PATIENCE_MS.real;
    return { api, clusters: this.#fleet.clusters, repository, narrator, programs, folder, patienceMs };
  }

  #startFleet(): Promise<Fleet> {
    const { plan, folder, narrator, programs } = this.#parts;
    return narrator.find({
      what: 'the clusters start',
      deadlineMs: START_MS,
      work: (waitFor) => startClusters(plan, { programs, folder, waitFor }),
      say: () => `${fleetInWords(plan)} run: ${plan.map(({ name }) => name).join(', ')}`,
    });
  }

  #startHub(api: HubApi, port: number, token: string): Promise<void> {
    const { folder, narrator, programs } = this.#parts;
    programs.start(hubProgram(folder, port, token));
    return narrator.tell({
      what: 'the hub starts',
      deadlineMs: START_MS,
      work: (waitFor) =>
        waitFor(async () => {
          const waitingOn = await api.whyNotReady();
          if (waitingOn !== undefined) return { waitingOn };
          return { done: `the hub is ready at ${api.url}, with a database of its own` };
        }),
    });
  }
}

/** Waits for the end and gives its reason. */
function endOf(ending: AbortSignal): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  if (ending.aborted) resolve(ending.reason);
  ending.addEventListener('abort', () => resolve(ending.reason));
  return promise;
}
