// The program: starts simulated clusters, writes a kubeconfig for each, says where they are, and stops on a signal.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SimulatedCluster, SimulatedClusterOptions } from './simulated-cluster.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import type { SavedCluster } from './snapshot.ts';
import type { Saver } from './state-file.ts';
import { readStateFile, stateFileSaver } from './state-file.ts';

const USAGE = `usage: node --conditions=source sim/src/main.ts --clusters NAME[,NAME…] --directory DIR
  --directory DIR       where a kubeconfig per cluster is written, as DIR/NAME.kubeconfig
  --port N              port of the first cluster, the others follow; free ports when not given
  --state FILE          keeps the clusters over restarts, with their ports and tokens
  --ready-after-ms N    how long pods take to become ready (150)
  --http                plain http; kubectl sends no token over it, so only other clients work then`;

interface Options {
  readonly names: readonly string[];
  readonly directory: string;
  readonly port: number | undefined;
  readonly stateFile: string | undefined;
  readonly readyAfterMs: number;
  readonly tls: boolean;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      clusters: { type: 'string' },
      directory: { type: 'string' },
      port: { type: 'string' },
      state: { type: 'string' },
      'ready-after-ms': { type: 'string', default: '150' },
      http: { type: 'boolean', default: false },
    },
  });
  const names = values.clusters?.split(',') ?? [];
  const wrong = names.find((name) => !NAME.test(name));
  if (names.length === 0 || values.directory === undefined)
    throw new Error('--clusters and --directory are needed');
  if (wrong !== undefined) throw new Error(`--clusters: "${wrong}" is no cluster name (a-z, 0-9 and -)`);
  return {
    names,
    directory: values.directory,
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port),
    stateFile: values.state,
    readyAfterMs: wholeNumber('--ready-after-ms', values['ready-after-ms']),
    tls: !values.http,
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: "${text}" is no whole number`);
  return Number(text);
}

async function start(options: Options): Promise<SimulatedCluster[]> {
  const { directory, port, readyAfterMs, tls, stateFile } = options;
  const saved = stateFile === undefined ? new Map<string, SavedCluster>() : readStateFile(stateFile);
  mkdirSync(directory, { recursive: true });
  const clusters: SimulatedCluster[] = [];
  for (const [index, name] of options.names.entries()) {
    const before = saved.get(name);
    const cluster = await startOne({
      name,
      readyAfterMs,
      tls,
      ...(port !== undefined && { port: port + index }),
      ...(before && { saved: before }),
    });
    const file = join(directory, `${name}.kubeconfig`);
    writeWhole(file, JSON.stringify(cluster.kubeconfig, null, 2));
    console.log(`simulated cluster ${name}: ${cluster.server}, kubeconfig ${file}`);
    clusters.push(cluster);
  }
  return clusters;
}

/** At its port of last time; where somebody else has that one now, at a free one: the kubeconfig says which. */
async function startOne(options: SimulatedClusterOptions): Promise<SimulatedCluster> {
  try {
    return await startSimulatedCluster(options);
  } catch (error) {
    if (options.port !== undefined || !options.saved) throw error;
    return startSimulatedCluster({ ...options, port: 0 });
  }
}

/** Whoever waits for the file never finds half of it. It holds a token, so it is the user's alone. */
function writeWhole(file: string, text: string): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, file);
}

function keepState(path: string, clusters: readonly SimulatedCluster[]): Saver {
  const saver = stateFileSaver(path, () => clusters.map((cluster) => cluster.save()));
  for (const cluster of clusters) cluster.onChange(() => saver.soon());
  saver.soon();
  return saver;
}

async function main(): Promise<void> {
  const options = readOptions();
  const clusters = await start(options);
  const saver = options.stateFile === undefined ? undefined : keepState(options.stateFile, clusters);
  const stop = async (): Promise<void> => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    saver?.flush();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exit(2);
});
