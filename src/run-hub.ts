// A hub as a process: its environment, its signals, its exit code.
import { readSettings, SettingsError, type Settings } from './platform/config/settings.ts';
import { startHub } from './start-hub.ts';

/** Kubernetes kills after 30 s; whatever hangs must not cost the exit code. */
const LONGEST_GOODBYE_MS = 25_000;

/** Runs until SIGTERM or SIGINT. `role` overrides the environment's. */
export async function runHub(role?: Settings['role']): Promise<void> {
  try {
    const settings = readSettings({ ...process.env, ...(role ? { FAIRLEAD_ROLE: role } : {}) });
    const hub = await startHub(settings);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void sayGoodbye(hub.stop));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof SettingsError ? 2 : 1);
  }
}

async function sayGoodbye(stop: () => Promise<void>): Promise<void> {
  setTimeout(() => process.exit(1), LONGEST_GOODBYE_MS).unref();
  try {
    await stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
