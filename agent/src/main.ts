// The agent's process: settings, the cluster, the parts, signals, exit code.
import { AGENT_VERSION } from './agent-version.ts';
import { runAgent, type AgentParts } from './agent.ts';
import { pause, systemClock } from './clock.ts';
import { composeAgent } from './compose-agent.ts';
import { ConfigError, readConfig, type AgentConfig } from './config.ts';
import { EXIT_CODES, type ExitReason } from './exit-code.ts';
import { serveHealth } from './health-server.ts';
import type { ClusterFacts } from './hub/credential-keeper.ts';
import { messageOf } from './hub/hub-error.ts';
import { StateSecret } from './hub/state-secret.ts';
import { connectToCluster } from './kube/connect.ts';
import type { HttpKubeClient } from './kube/http-kube-client.ts';
import { isKubeError } from './kube/kube-error.ts';
import { backoffMs } from './kube/retry.ts';
import { JsonLog } from './logging.ts';

const LONGEST_WAIT_MS = 30_000;

/** What the API server says of its cluster, and the agent's memory in it. */
interface Found {
  readonly kubeSystemUid: string;
  readonly kubernetesVersion: string;
  readonly state: StateSecret;
}

async function find(kube: HttpKubeClient, config: AgentConfig): Promise<Found> {
  const kubeSystem = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
  const kubeSystemUid = kubeSystem?.metadata.uid;
  if (!kubeSystemUid)
    throw new Error('the cluster has no namespace kube-system, whose UID tells clusters apart');
  const state = new StateSecret(kube, config.namespace);
  await state.load();
  return { kubeSystemUid, kubernetesVersion: await kube.version(), state };
}

/** However long the API server takes: both may have started at once. */
async function findPatiently(
  kube: HttpKubeClient,
  config: AgentConfig,
  log: JsonLog,
  signal: AbortSignal,
): Promise<Found | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await find(kube, config);
    } catch (error) {
      if (!isKubeError(error)) throw error;
      log.warn('cannot read what the agent needs of its cluster, trying again', { reason: error.message });
      await pause(systemClock, backoffMs(failures, 500, LONGEST_WAIT_MS, Math.random()), signal);
    }
  }
  return undefined;
}

async function run(config: AgentConfig, log: JsonLog, signal: AbortSignal): Promise<ExitReason> {
  let parts: AgentParts | undefined;
  let state: StateSecret | undefined;
  if (config.port !== undefined) {
    await serveHealth(config.port, () => ({
      joined: state?.state.enrolment !== undefined,
      assignmentsKnown: parts?.puller.known.epoch !== undefined,
      connected: parts?.link.isOpen === true,
    }));
  }
  const kube = await connectToCluster(process.env, systemClock);
  const found = await findPatiently(kube, config, log, signal);
  if (!found) return 'STOPPED';
  state = found.state;
  const { joinToken, clusterName } = config;
  const { kubeSystemUid, kubernetesVersion } = found;
  const facts: ClusterFacts = {
    joinToken,
    clusterName,
    kubeSystemUid,
    kubernetesVersion,
    agentVersion: AGENT_VERSION,
  };
  parts = await composeAgent({ config, kube, state, facts, clock: systemClock, log });
  const name = state.state.enrolment?.clusterName ?? clusterName;
  if (name !== undefined) log.addField('cluster', name);
  return runAgent(parts, signal);
}

function configured(): AgentConfig | undefined {
  try {
    return readConfig(process.env);
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [messageOf(error)];
    const log = new JsonLog('error');
    for (const problem of problems) log.error('the configuration is wrong', { problem });
    return undefined;
  }
}

async function main(): Promise<ExitReason> {
  const config = configured();
  if (!config) return 'MISCONFIGURED';
  const log = new JsonLog(config.logLevel);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  log.info('the agent starts', { version: AGENT_VERSION, hub: config.hubUrl.host });
  try {
    return await run(config, log, stop.signal);
  } catch (error) {
    log.error('the agent failed', {
      reason: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    return 'FAILED';
  }
}

// While hub and API server are both away no connection is open, and Node would call the work done.
setInterval(() => undefined, 2 ** 30);
const reason = await main();
process.exit(EXIT_CODES[reason]);
