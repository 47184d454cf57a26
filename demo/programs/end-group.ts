// Ends a process group: asks first, insists later.
import { setTimeout as pause } from 'node:timers/promises';
import { processIdentity } from './process-identity.ts';

const LOOK_EVERY_MS = 20;
const DYING_MS = 5_000;

/**
 * Asks the leader of a process group to end, as a supervisor does: its children are its own business. When it has
 * ended, or after `patienceMs`, whatever is left of the group is killed. Comes back when the leader is gone.
 */
export async function endGroup(pid: number, patienceMs: number): Promise<void> {
  signal(pid, 'SIGTERM');
  await isGone(pid, patienceMs);
  killGroup(pid);
  await isGone(pid, DYING_MS);
}

/** Kills what a process group still has; one that is gone already is fine. */
export function killGroup(pid: number): void {
  signal(-pid, 'SIGKILL');
}

function signal(target: number, word: NodeJS.Signals): void {
  try {
    process.kill(target, word);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function isGone(pid: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (processIdentity(pid) !== undefined && Date.now() < deadline) await pause(LOOK_EVERY_MS);
}
