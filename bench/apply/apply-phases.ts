// The phases of the apply benchmark, one after the other on one cluster.
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProgram } from '../../test/support/process-set.ts';
import type { Figures, RunContext } from '../benchmark.ts';
import { untilAllSynced } from '../content/fleet-progress.ts';
import { saveApplications, type PlainApplication } from '../content/fleet-setup.ts';
import { processUse } from '../measure/process-use.ts';
import { endBenchAgent } from '../programs/bench-agent.ts';
import type { RealScene } from '../scene/real-scene.ts';
import { filesOf, OBJECTS_PER_APPLICATION } from './apply-content.ts';
import { startMeter, type PhaseCost } from './apply-meter.ts';
import { generations, untilAllAssigned } from './assignment-progress.ts';
import type { RawRates } from './raw-apply.ts';

/** Everything runs; nothing is described to the hub but the way of releases. */
export interface Stage extends Omit<RealScene, keyof AsyncDisposable> {
  readonly context: RunContext;
  readonly applications: readonly PlainApplication[];
  /** Of the namespaces' names. */
  readonly prefix: string;
}

const IDLE_MS = 60_000;
const SETTLE_MS = 5_000;

/** Runs them all; the last agent process is ended with the processes of the run. */
export async function measurePhases(stage: Stage, raw: RawRates): Promise<Figures> {
  const { context } = stage;
  const { agent, figures: first } = await firstSync(stage, raw);
  context.say(`first sync: ${Math.round(first.firstSyncObjectsPerSecond)} objects/s`);
  context.signal.throwIfAborted();
  const commit = await heldCommit(stage, agent);
  context.say(`commit: ${Math.round(commit.commitChangesPerSecond)} changes/s`);
  const whole = await wholeWay(stage);
  context.say(`the whole way of a commit to all: ${Math.round(whole.wholeWayMs)} ms`);
  context.signal.throwIfAborted();
  const { restarted, figures: noOp } = await noOpRound(stage, agent);
  context.say(`restart with nothing to do: ${noOp.noOpWrites} writes`);
  const idle = await idleMinute(stage, restarted);
  await endBenchAgent(restarted);
  const { hubRssBytes, databaseSizeBytes, databaseWalBytes } = await stage.hub.use();
  return {
    ...first,
    ...commit,
    ...whole,
    ...noOp,
    ...idle,
    hubRssBytes,
    databaseSizeBytes,
    databaseWalBytes,
  };
}

async function commitAll({ repository, applications, prefix }: Stage, value: number): Promise<void> {
  await repository.commit(filesOf(applications.length, prefix, value), `value ${value}`);
}

async function firstSync(stage: Stage, raw: RawRates) {
  const { hub, plane, repository, applications, startAgent } = stage;
  await endBenchAgent(stage.agent);
  await commitAll(stage, 1);
  const describedAt = performance.now();
  await saveApplications(hub.api, repository.url, applications);
  await untilAllAssigned(hub.api, applications.length, 0);
  const hubMs = performance.now() - describedAt;
  stage.context.say(`${applications.length} applications released and assigned in ${Math.round(hubMs)} ms`);
  await pause(SETTLE_MS);
  const cost = await startMeter(plane);
  const agent = startAgent();
  await untilAllSynced(hub.api, { instances: applications.length, release: 1 });
  const spent = await cost(agent, 0);
  const objectsPerSecond = (applications.length * OBJECTS_PER_APPLICATION) / (spent.elapsedMs / 1_000);
  const figures = {
    hubReleasesAndAssignsMs: hubMs,
    firstSyncMs: spent.elapsedMs,
    firstSyncObjectsPerSecond: objectsPerSecond,
    firstSyncToRawCreatesRatio: objectsPerSecond / raw.rawCreatesPerSecond,
    firstSyncWritesPerApplication: spent.writes / applications.length,
    firstSyncReads: spent.reads,
    firstSyncAgentCpuMsPerApplication: (spent.agentCpuSeconds * 1_000) / applications.length,
    firstSyncApiServerCpuMsPerApplication: (spent.apiServerCpuSeconds * 1_000) / applications.length,
    firstSyncAgentRssBytes: spent.agentRssBytes,
    firstSyncCoresBusyForOthers: spent.coresBusyForOthers,
  };
  return { agent, figures };
}

/** The agent sleeps while the hub makes the releases, and wakes up to all of them at once. */
async function heldCommit(stage: Stage, agent: RunningProgram) {
  const { hub, plane, applications } = stage;
  await pause(SETTLE_MS);
  const before = Math.max(...(await generations(hub.api)));
  process.kill(agent.pid, 'SIGSTOP');
  try {
    await commitAll(stage, 2);
    await untilAllAssigned(hub.api, applications.length, before);
    await pause(SETTLE_MS);
  } finally {
    process.kill(agent.pid, 'SIGCONT');
  }
  const cpuBefore = processUse(agent.pid).cpuSeconds;
  const cost = await startMeter(plane);
  await untilAllSynced(hub.api, { instances: applications.length, release: 2 });
  const spent = await cost(agent, cpuBefore);
  return {
    commitMs: spent.elapsedMs,
    commitCoresBusyForOthers: spent.coresBusyForOthers,
    commitChangesPerSecond: applications.length / (spent.elapsedMs / 1_000),
    commitReads: spent.reads,
    commitWritesPerChangedObject: spent.writes / applications.length,
    ...cpuFigures('commit', spent, applications.length),
  };
}

/** From the commit through the hub's next look, 1,000 renders, releases and assignments to the last object. */
async function wholeWay(stage: Stage) {
  await pause(SETTLE_MS);
  const startedAt = performance.now();
  await commitAll(stage, 3);
  await untilAllSynced(stage.hub.api, { instances: stage.applications.length, release: 3 });
  return { wholeWayMs: performance.now() - startedAt };
}

/** A restart looks at everything again, and finds nothing to do. */
async function noOpRound(stage: Stage, agent: RunningProgram) {
  const { hub, plane, applications, startAgent } = stage;
  await endBenchAgent(agent);
  await pause(SETTLE_MS);
  const cost = await startMeter(plane);
  const restarted = startAgent();
  await untilAllSynced(hub.api, { instances: applications.length, release: 3 });
  await untilQuiet(restarted);
  const spent = await cost(restarted, 0);
  const figures = {
    noOpWrites: spent.writes,
    noOpReads: spent.reads,
    ...cpuFigures('noOp', spent, applications.length),
  };
  return { restarted, figures };
}

async function idleMinute({ plane }: Stage, agent: RunningProgram) {
  const cpuBefore = processUse(agent.pid).cpuSeconds;
  const cost = await startMeter(plane);
  await pause(IDLE_MS);
  const spent = await cost(agent, cpuBefore);
  const minutes = spent.elapsedMs / 60_000;
  return {
    idleRequestsPerMinute: (spent.reads + spent.writes) / minutes,
    idleWrites: spent.writes,
    idleAgentCpuMsPerMinute: (spent.agentCpuSeconds * 1_000) / minutes,
    idleAgentRssBytes: spent.agentRssBytes,
  };
}

/** The hub knew already that all is well: the agent has looked at everything once its CPU time stands still. */
async function untilQuiet(agent: RunningProgram): Promise<void> {
  for (let before = -1; ;) {
    const now = processUse(agent.pid).cpuSeconds;
    if (now - before < 0.05) return;
    before = now;
    await pause(3_000);
  }
}

function cpuFigures(phase: 'commit' | 'noOp', spent: PhaseCost, applications: number): Figures {
  return {
    [`${phase}AgentCpuMsPerApplication`]: (spent.agentCpuSeconds * 1_000) / applications,
    [`${phase}ApiServerCpuMsPerApplication`]: (spent.apiServerCpuSeconds * 1_000) / applications,
  };
}
