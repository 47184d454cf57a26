// Real Kubernetes control planes side by side, for tests and for the demo: etcd once, and for each cluster an API
// server, a controller manager, a scheduler and kwok in place of nodes. Knows nothing of vitest.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { locateTools } from '../../scripts/go-tools/locate-tools.mjs';
import { ApiServer } from './api-server.ts';
import { fillControlPlane } from './control-plane-content.ts';
import {
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from './control-plane-programs.ts';
import { freePort } from './free-port.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { kubectlFor, type Kubectl } from './kubectl.ts';
import { ProcessSet, type RunningProgram } from './process-set.ts';
import { connectRawApi, type RawApi } from './raw-api.ts';

/** A running cluster of its own. `adminToken` may do everything; `kubeconfigPath` uses it. */
export interface ControlPlane {
  readonly name: string;
  readonly server: string;
  readonly kubeconfigPath: string;
  readonly caPem: string;
  readonly adminToken: string;
  readonly api: RawApi;
  readonly kubectl: Kubectl;
  /** Ends this cluster; with the last one of its start, the shared etcd and the work folder go too. */
  stop(): Promise<void>;
  /** Kills the API server and starts it again at the same address; comes back once it is ready. */
  restartApiServer(): Promise<void>;
}

/**
 * Starts one control plane for each name (`[a-z0-9-]`, each once) and comes back when workloads run on all of
 * them, a few seconds later. Throws when a program is missing (scripts/build-tools.mjs makes them) or does not come up,
 * and leaves nothing running then. Everything also ends with this process, however it ends.
 */
export async function startControlPlanes<const Names extends readonly string[]>(
  names: Names,
): Promise<{ -readonly [Index in keyof Names]: ControlPlane }> {
  checkNames(names);
  const programs = programPaths();
  const processes = new ProcessSet('control-planes');
  try {
    const etcdPort = await startEtcd(processes, programs);
    const set: PlaneSet = { processes, programs, etcdPort, open: new Set(names) };
    const planes = await Promise.all(names.map((name) => startPlane(set, name)));
    return planes as { -readonly [Index in keyof Names]: ControlPlane };
  } catch (error) {
    await processes.close();
    throw error;
  }
}

type ProgramPaths = Readonly<Record<string, string>>;

interface PlaneSet {
  readonly processes: ProcessSet;
  readonly programs: ProgramPaths;
  readonly etcdPort: number;
  /** Names of the planes that are not stopped yet. */
  readonly open: Set<string>;
}

// Names become folder names and etcd prefixes: one plane's prefix must not reach into another's.
function checkNames(names: readonly string[]): void {
  const wrong = names.filter((name, index) => !/^[a-z0-9-]+$/.test(name) || names.indexOf(name) !== index);
  if (names.length === 0 || wrong.length > 0) {
    throw new Error(`control planes want names of a-z, 0-9 and -, each once; got ${JSON.stringify(names)}`);
  }
}

function programPaths(): ProgramPaths {
  const { paths, missing } = locateTools(['kube', 'etcd', 'kwok']);
  if (missing.length === 0) return paths;
  const reasons = missing.map(({ reason }) => reason).join('; ');
  throw new Error(`no control plane can be started: ${reasons}; run: node scripts/build-tools.mjs kube`);
}

function programPath(programs: ProgramPaths, file: string): string {
  const found = programs[file];
  if (found === undefined) throw new Error(`${file} is not among the tools that were located`);
  return found;
}

async function startEtcd(processes: ProcessSet, programs: ProgramPaths): Promise<number> {
  const [clientPort, peerPort] = [await freePort(), await freePort()];
  processes.start(
    'etcd',
    programPath(programs, 'etcd'),
    etcdArguments(processes.folder, clientPort, peerPort),
  );
  return clientPort;
}

async function startPlane(set: PlaneSet, name: string): Promise<ControlPlane> {
  const folder = path.join(set.processes.folder, name);
  const adminToken = randomBytes(24).toString('hex');
  writeCredentials(folder, adminToken);
  const place = { name, folder, port: await freePort(), etcdPort: set.etcdPort };
  const apiServer = new ApiServer(set.processes, programPath(set.programs, 'kube-apiserver'), place);
  const server = apiServer.address;
  const caPem = await apiServer.untilReady(adminToken);
  const { api, close } = connectRawApi({ server, caPem, token: adminToken });
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, kubeconfigOf(name, { server, caPem, token: adminToken }), { mode: 0o600 });
  const controllers = startControllers(set, { name, folder, kubeconfigPath });
  await fillControlPlane(name, api);
  const stop = async () => {
    close();
    await Promise.all([apiServer.stop(), ...controllers.map((program) => set.processes.stop(program))]);
    set.open.delete(name);
    if (set.open.size === 0) await set.processes.close();
  };
  const restartApiServer = () => apiServer.restart(adminToken);
  const kubectl = kubectlFor(kubeconfigPath);
  return { name, server, kubeconfigPath, caPem, adminToken, api, kubectl, stop, restartApiServer };
}

function writeCredentials(folder: string, adminToken: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text, { mode: 0o600 });
  write('service-account.key', privateKey);
  write('service-account.pub', publicKey);
  write('tokens.csv', `${adminToken},admin,admin,"system:masters"\n`);
}

interface PlanePlace {
  readonly name: string;
  readonly folder: string;
  readonly kubeconfigPath: string;
}

function startControllers({ processes, programs }: PlaneSet, place: PlanePlace): RunningProgram[] {
  const { name, folder, kubeconfigPath } = place;
  const stages = Object.entries(programs).filter(([file]) => file.startsWith('kwok-stages/'));
  const stageFiles = stages.map(([, stagePath]) => stagePath);
  const start = (file: string, programArguments: string[]) =>
    processes.start(`${name}-${file}`, programPath(programs, file), programArguments);
  return [
    start('kube-controller-manager', controllerManagerArguments(folder, kubeconfigPath)),
    start('kube-scheduler', schedulerArguments(kubeconfigPath)),
    start('kwok', kwokArguments(kubeconfigPath, stageFiles)),
  ];
}
