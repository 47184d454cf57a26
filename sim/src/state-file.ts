// Clusters that outlive their process: one file for all of them, written whole, some time after a change.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SavedCluster } from './snapshot.ts';

const WRITE_AFTER_MS = 500;
const FORMAT = 1;

/** What was saved of each cluster, by name; empty when there is no such file. Throws for a file that is no state. */
export function readStateFile(path: string): Map<string, SavedCluster> {
  const text = readIfPresent(path);
  if (text === undefined) return new Map();
  const state: { format?: number; clusters?: SavedCluster[] } = JSON.parse(text);
  if (state.format !== FORMAT || !Array.isArray(state.clusters)) {
    throw new Error(
      `${path} holds no state of simulated clusters (format ${FORMAT}): delete it, or name another file`,
    );
  }
  return new Map(state.clusters.map((cluster) => [cluster.name, cluster]));
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export interface Saver {
  /** Asks for a write soon; many asks make one write. */
  soon(): void;
  /** Writes what is due, at once. */
  flush(): void;
}

/** Replaces the file whole, so that a kill leaves the old state or the new one. It holds tokens: mode 0600. */
export function stateFileSaver(path: string, clusters: () => readonly SavedCluster[]): Saver {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    timer = undefined;
    const partial = `${path}.partial`;
    writeFileSync(partial, JSON.stringify({ format: FORMAT, clusters: clusters() }), { mode: 0o600 });
    renameSync(partial, path);
  };
  return {
    soon: () => {
      timer ??= setTimeout(write, WRITE_AFTER_MS);
    },
    flush: () => {
      if (!timer) return;
      clearTimeout(timer);
      write();
    },
  };
}
