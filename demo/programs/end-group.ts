// Ends a process group: asks first, insists later.
import { setTimeout as pause } from 'node:timers/promises';
import { processIdentity } from './process-identity.ts';

const LOOK_EVERY_MS = 20;
const DYING_MS = 5_000;

/**
 * Asks the group that `pid` leads to end. When its leader has ended, or after `patienceMs`, whatever is left of the
 * group is killed. Comes back when the leader is gone.
 */
export async function endGroup(pid: number, patienceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  await isGone(pid, patienceMs);
  signalGroup(pid, 'SIGKILL');
  await isGone(pid, DYING_MS);
}

/** Sends a signal to a process group; one that is gone already is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function isGone(pid: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (processIdentity(pid) !== undefined && Date.now() < deadline) await pause(LOOK_EVERY_MS);
}
