// The built hub as a process of its own: for what only a process shows (signals, kill -9, a second start).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hubClient, type TestHub } from './hub.ts';
import { Hopeless, until } from './until.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A hub in a process; what it wrote is in `output()`. */
export interface HubProcess extends Omit<TestHub, 'databaseUrl' | 'stop'> {
  readonly pid: number;
  output(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

/** A process that was started and may never serve. */
export interface StartedProcess {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  output(): string;
}

/** Starts `dist/main.js` with nothing of our environment but PATH. */
export function spawnHub(environment: Readonly<Record<string, string>>): StartedProcess {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<Ending>((resolve) =>
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      resolve({ code, signal });
    }),
  );
  return { pid: child.pid ?? 0, ended, output: () => chunks.join('') };
}

/** Starts a hub and waits until it serves; throws with its output where it ends before. */
export async function startHubProcess(environment: Readonly<Record<string, string>>): Promise<HubProcess> {
  const started = spawnHub({ FAIRLEAD_PORT: '0', FAIRLEAD_HOST: '127.0.0.1', ...environment });
  let ending: Ending | undefined;
  void started.ended.then((how) => (ending = how));
  const url = await until(
    'the hub to serve',
    () => {
      if (ending) throw new Hopeless(`it ended with ${JSON.stringify(ending)}:\n${started.output()}`);
      return /"url":"(http:[^"]+)"/.exec(started.output())?.[1];
    },
    { timeoutMs: 180_000 },
  );
  const token =
    environment['FAIRLEAD_ADMIN_TOKEN'] ?? /Admin token, shown once: (\S+)/.exec(started.output())?.[1];
  return {
    ...hubClient(url, token),
    pid: started.pid,
    output: started.output,
    end: (signal) => {
      process.kill(started.pid, signal);
      return started.ended;
    },
  };
}
