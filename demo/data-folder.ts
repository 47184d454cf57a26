// The folder in which a demo keeps what the next start goes on with.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DemoOptions } from './demo-options.ts';
import { fleetSignature, type PlannedCluster } from './fleet-plan.ts';

/** Absolute paths inside the data folder. */
export interface DataFolder {
  readonly path: string;
  readonly hub: string;
  /** Kubeconfigs, one a cluster, and the state of the simulated ones. */
  readonly clusters: string;
  /** The example Git repository, with a work tree that people may edit. */
  readonly repository: string;
  readonly logs: string;
  readonly bundles: string;
  /** Who runs on this folder now. */
  readonly runFile: string;
}

/** The folder that was asked for, else the usual one for the kind of fleet. Nothing is made yet. */
export function dataFolderOf({ data, kube, contexts }: DemoOptions): DataFolder {
  const usual = contexts.length > 0 ? 'demo-contexts' : kube ? 'demo-kube' : 'demo';
  const folder = path.resolve(data ?? path.join('.fairlead', usual));
  const inside = (name: string) => path.join(folder, name);
  return {
    path: folder,
    hub: inside('hub'),
    clusters: inside('clusters'),
    repository: inside('repository'),
    logs: inside('logs'),
    bundles: inside('bundles'),
    runFile: inside('run.json'),
  };
}

/** Makes the folder, or recognises it: throws when it holds a demo of another fleet, whose hub would mistrust ours. */
export function openDataFolder(folder: DataFolder, fleet: readonly PlannedCluster[]): void {
  for (const part of [folder.path, folder.clusters, folder.logs, folder.bundles]) {
    mkdirSync(part, { recursive: true });
  }
  const file = path.join(folder.path, 'fleet.txt');
  const signature = fleetSignature(fleet);
  if (!existsSync(file)) writeFileSync(file, `${signature}\n`);
  const known = readFileSync(file, 'utf8').trim();
  if (known === signature) return;
  throw new Error(
    `${folder.path} holds a demo of another fleet (${known}); this one is ${signature}. ` +
      'Name another folder with --data, or remove that one.',
  );
}

/** The token of the hub's administrator: made at the first start, then kept, readable by its owner alone. */
export function adminToken(folder: DataFolder): string {
  const file = path.join(folder.path, 'token');
  if (!existsSync(file))
    writeFileSync(file, `fl_user_${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
