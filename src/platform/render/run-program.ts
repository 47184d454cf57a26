// Runs a renderer as a bounded child process: no shell, a small environment, limits on time and output.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { SourceError } from '../source-error.ts';

/** One run. `folder` is the private folder with `checkout` and `home`. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** For messages: `kustomize build overlays/dev`. */
  readonly what: string;
}

// A renderer has no business in the network; a closed proxy and an empty PATH (no git, no ssh) see to that.
const CLOSED_PROXY = 'http://127.0.0.1:9';

/** Its standard output. RENDER_FAILED, RENDER_TIMEOUT or RENDER_TOO_LARGE with the reason that it gave. */
export function runProgram(run: ProgramRun): Promise<string> {
  const home = path.join(run.folder, 'home');
  const child = spawn(run.program, run.args, {
    cwd: path.join(run.folder, 'checkout'),
    env: {
      HOME: home,
      TMPDIR: home,
      LC_ALL: 'C',
      HTTP_PROXY: CLOSED_PROXY,
      HTTPS_PROXY: CLOSED_PROXY,
      NO_PROXY: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: run.timeoutMs,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let bytes = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > run.maxOutputBytes) child.kill('SIGKILL');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)));
    child.on('error', (error) =>
      reject(new SourceError('RENDERER_MISSING', `${run.what}: ${error.message}`)),
    );
    child.on('close', (code, signal) => {
      // A small excess may arrive together with a good end.
      if (code === 0 && bytes <= run.maxOutputBytes) resolve(Buffer.concat(output).toString());
      else reject(failure(run, { bytes, errors, signal }));
    });
  });
}

interface Ending {
  readonly bytes: number;
  readonly errors: string;
  readonly signal: NodeJS.Signals | null;
}

function failure(run: ProgramRun, { bytes, errors, signal }: Ending): SourceError {
  if (bytes > run.maxOutputBytes) {
    return new SourceError('RENDER_TOO_LARGE', `${run.what} wrote more than ${run.maxOutputBytes} bytes.`);
  }
  if (signal === 'SIGKILL') {
    return new SourceError('RENDER_TIMEOUT', `${run.what} was not done after ${run.timeoutMs / 1000} s.`);
  }
  return new SourceError('RENDER_FAILED', `${run.what} failed: ${readable(errors, run.folder)}`);
}

// The private folder's name differs each time and says nothing; paths in the repository are what a person knows.
function readable(errors: string, folder: string): string {
  const text = errors
    .replaceAll(`${path.join(folder, 'checkout')}/`, '')
    .replaceAll(path.join(folder, 'checkout'), '.')
    .replaceAll(folder, '.')
    .replace(/^Error: /, '');
  return text.trim().slice(-2_000) || 'it gave no reason';
}
