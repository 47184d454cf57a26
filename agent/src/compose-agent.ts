// Puts the agent together: which part gets which, and nothing else.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { AgentParts } from './agent.ts';
import { JobRunner } from './checks/job-runner.ts';
import type { Clock } from './clock.ts';
import type { AgentConfig } from './config.ts';
import { Engine, type EngineOptions } from './delivery/engine.ts';
import type { StoredInventory } from './delivery/inventory-store.ts';
import { AssignmentFile } from './hub/assignment-file.ts';
import { AssignmentPuller } from './hub/assignment-puller.ts';
import { fetchBundle, type FetchedBundle } from './hub/bundle-fetch.ts';
import { BundleFiles } from './hub/bundle-files.ts';
import { BundleLibrary } from './hub/bundle-library.ts';
import { EpisodeFile, type KeptEpisodes } from './hub/episode-file.ts';
import { CredentialKeeper, type ClusterFacts } from './hub/credential-keeper.ts';
import { GraphqlClient } from './hub/graphql-client.ts';
import { HubApi } from './hub/hub-api.ts';
import { HubClock } from './hub/hub-clock.ts';
import { HubLink } from './hub/hub-link.ts';
import { HubTransport } from './hub/hub-transport.ts';
import { InstructionRunner } from './hub/instruction-runner.ts';
import { inOwnTime } from './hub/own-time.ts';
import { OrphanReporter } from './hub/orphan-reporter.ts';
import { PrivateFolder } from './hub/private-folder.ts';
import { Reporter } from './hub/reporter.ts';
import { SessionKeeper } from './hub/session-keeper.ts';
import type { StateSecret } from './hub/state-secret.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { Log } from './log.ts';

/** What is known before anything is put together. */
export interface Surroundings {
  readonly config: AgentConfig;
  readonly kube: KubeClient;
  readonly state: StateSecret;
  readonly facts: ClusterFacts;
  readonly clock: Clock;
  readonly log: Log;
}

/** What reaches the hub, and as whom. */
interface HubSide {
  readonly transport: HubTransport;
  readonly api: HubApi;
  readonly keeper: CredentialKeeper;
  readonly hubClock: HubClock;
}

/** The parts of an agent that has not started yet. */
export async function composeAgent(surroundings: Surroundings): Promise<AgentParts> {
  const { config, facts, clock, log } = surroundings;
  const hubClock = new HubClock(clock, () => puller.tellTimesAgain());
  const hub = reachHub(surroundings, hubClock);
  const { transport, api, keeper } = hub;
  const folder = await PrivateFolder.open(config.bundleDirectory ?? defaultFolder(facts));
  const library = await keepBundles(folder, hub, log);
  const episodes = new EpisodeFile(folder, log);
  const kept = await episodes.read();
  const engine = newEngine(surroundings, {
    bundles: (digest) => library.objects(digest),
    onDriftClosed: (instance, episode) => reporter.end(instance, episode),
    restoredDrift: (instance) => stillOpen(kept, instance),
  });
  const known = () => puller.known;
  const sessions = new SessionKeeper({ api, keeper, versions: facts, known, log });
  const voice = { api, keeper, sessions, clock, log };
  const reporter: Reporter = new Reporter({
    ...voice,
    library,
    episodes,
    kept,
    takenGeneration: () => known().generation,
    onStale: () => puller.lookNow(),
    onRemoved: (instances) => puller.forget(instances),
  });
  const runner = instructions(surroundings, { engine, reporter, hubClock });
  const puller: AssignmentPuller = new AssignmentPuller({
    ...voice,
    file: new AssignmentFile(folder, log),
    library,
    isLinked: () => link.isOpen,
    assign: ({ kind, assignments }) => {
      engine.setAssignments({ kind, assignments: assignments.map((each) => inOwnTime(each, hubClock)) });
      orphans.look();
    },
    setHealthRules: (rules) => engine.setHealthRules(rules),
    instruct: (given) => runner.run(given),
    onNewEpoch: (epoch) => sessions.forgetWhereNot(epoch),
    onFullAnswer: () => {
      reporter.repeatAll();
      orphans.repeat();
    },
    onOrphaned: (instances) => instances.forEach((instance) => reporter.drop(instance, false)),
  });
  const orphans = new OrphanReporter({ ...voice, orphans: () => engine.unassigned().map(orphanOf) });
  const link: HubLink = new HubLink({
    ...voice,
    transport,
    hubCa: config.hubCa,
    onOpen: () => {
      puller.lookNow();
      reporter.tryNow();
    },
    onRing: (generation) => puller.onRing(generation),
  });
  return { keeper, link, puller, reporter, orphans, engine, clock, log };
}

/** An earlier life may have died between the end of an episode and the next word on what is open. */
function stillOpen({ open, closed }: KeptEpisodes, instance: string): readonly ReportedDrift[] {
  const ended = new Set(closed.get(instance)?.map(({ episode }) => episode));
  return (open.get(instance) ?? []).filter(({ episode }) => !ended.has(episode));
}

function orphanOf({ instance, application, environment, inventory }: StoredInventory) {
  return { instance, application, environment, objects: inventory.size };
}

type EngineTies = Pick<EngineOptions, 'bundles' | 'onDriftClosed' | 'restoredDrift'>;

function newEngine({ config, kube, clock, log }: Surroundings, ties: EngineTies): Engine {
  return new Engine({
    ...ties,
    kube,
    clock,
    log,
    inventoryNamespace: config.namespace,
    ...(config.namespaces && { namespaces: config.namespaces }),
  });
}

async function keepBundles(
  folder: PrivateFolder,
  { transport, keeper }: HubSide,
  log: Log,
): Promise<BundleLibrary> {
  const fetch = (digest: string): Promise<FetchedBundle> =>
    keeper.use((credential) => fetchBundle(transport, digest, credential));
  return new BundleLibrary({ files: new BundleFiles(await folder.folder('bundles')), fetch, log });
}

function reachHub({ config, state, facts, clock, log }: Surroundings, hubClock: HubClock): HubSide {
  const transport = new HubTransport(config, hubClock);
  const api = new HubApi(new GraphqlClient(transport), hubClock);
  const keeper = new CredentialKeeper({ api, state, hubClock, clock, log, facts });
  return { transport, api, keeper, hubClock };
}

interface InstructionTies {
  readonly engine: Engine;
  readonly reporter: Reporter;
  readonly hubClock: HubClock;
}

function instructions(
  { config, kube, state, clock, log }: Surroundings,
  { engine, reporter, hubClock }: InstructionTies,
): InstructionRunner {
  const jobs = new JobRunner({ kube, clock, log, place: config.checks });
  return new InstructionRunner({
    state,
    hubClock,
    log,
    healNow: (instance, wishes) => wishes.forEach((wish) => engine.healNow(instance, wish)),
    runJob: (id, payload, untilMs) => jobs.run(id, payload, hubClock.toOwn(untilMs)),
    onDone: (id, outcome) => reporter.instructionDone(id, outcome),
  });
}

/** One folder a cluster, so that several agents of one machine do not share any. */
function defaultFolder({ kubeSystemUid }: ClusterFacts): string {
  return join(tmpdir(), `fairlead-agent-${process.getuid?.() ?? 'user'}-${kubeSystemUid}`);
}
