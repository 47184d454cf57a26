// A database that outlived its hub (kill -9): it is adopted when it answers, and stopped when it does not.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';

/** A running server: what its own pid file says. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

const pidFile = (folder: { readonly cluster: string }) => join(folder.cluster, 'postmaster.pid');

/** The server of this folder, if one runs; a pid file whose number belongs to another program now is removed. */
export function findLeftBehind(folder: { readonly cluster: string }): RunningServer | undefined {
  if (!existsSync(pidFile(folder))) return undefined;
  const lines = readFileSync(pidFile(folder), 'utf8').split('\n');
  const server = { pid: Number(lines[0]), port: Number(lines[3]) };
  if (server.pid > 0 && commandOf(server.pid).includes(folder.cluster)) return server;
  rmSync(pidFile(folder), { force: true });
  return undefined;
}

function commandOf(pid: number): string {
  if (!isAlive(pid)) return '';
  if (existsSync('/proc/self/cmdline')) {
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  }
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).stdout;
}

/** Whether a process of this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Postgres' own ways to stop, gentle first: SIGINT ends sessions and flushes, SIGQUIT leaves recovery to the next start. */
export async function stopServer(pid: number, patienceMs = 15_000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await gone(pid, patienceMs)) return;
  }
}

async function gone(pid: number, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 20) {
    if (!isAlive(pid)) return true;
    await pause(20);
  }
  return false;
}
