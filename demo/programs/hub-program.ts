// The hub as the demo runs it: all of it in one process, with a database of its own.
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import type { DataFolder } from '../data-folder.ts';
import type { DemoOptions } from '../demo-options.ts';
import { programEnvironment } from './program-environment.ts';
import type { ProgramPlan } from './program-set.ts';

const HUB = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const USUAL_PORT = 8080;
// A person who just committed looks for the release now; the example repository is on this machine.
const GIT_INTERVAL = '2s';

// Ill health and silence count after seconds, so that one sees what follows them.
const IMPATIENT = {
  FAIRLEAD_HEALTH_GRACE: '3s',
  FAIRLEAD_STALE_AFTER: '5s',
  FAIRLEAD_OFFLINE_AFTER: '8s',
};

/** The command line and the settings of the hub. */
export function hubProgram(folder: DataFolder, port: number, token: string): ProgramPlan {
  return {
    name: 'hub',
    words: ['--enable-source-maps', HUB],
    env: programEnvironment({
      NODE_ENV: 'production',
      FAIRLEAD_DATA_DIR: folder.hub,
      FAIRLEAD_HOST: '127.0.0.1',
      FAIRLEAD_PORT: String(port),
      FAIRLEAD_ADMIN_TOKEN: token,
      FAIRLEAD_GIT_INTERVAL: GIT_INTERVAL,
      ...IMPATIENT,
    }),
    patienceMs: 20_000,
  };
}

/**
 * The port that was asked for, and no other; where none was, the usual one or else any that is free. A check, whose
 * hub nobody visits, leaves the usual one to others.
 */
export async function chooseHubPort({ port: wanted, check }: DemoOptions): Promise<number> {
  if (wanted === undefined) return !check && (await isFree(USUAL_PORT)) ? USUAL_PORT : freePort();
  if (await isFree(wanted)) return wanted;
  throw new Error(`port ${wanted} of 127.0.0.1 is taken; name another one with --port, or leave it out`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false)).listen({ port, host: '127.0.0.1' }, () => resolve(true));
  const free = await promise;
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}
