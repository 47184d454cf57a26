// Child processes of the set-up: quiet while all is well, told in full when they fail.
import { spawn } from 'node:child_process';
import { root, taskEnvironment } from './paths.mjs';

/** Runs to the end; the promise carries `{ code, output, seconds }`. */
export function capture(command, args, environment = {}) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: taskEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    const end = (code, more = '') => {
      const output = Buffer.concat(chunks).toString() + more;
      resolve({ code, output, seconds: (Date.now() - startedAt) / 1000 });
    };
    child.on('error', (error) => end(127, `${command}: ${error.message}\n`));
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Throws with everything that the command said where it fails. */
export async function must(command, args, environment = {}) {
  const { code, output } = await capture(command, args, environment);
  if (code === 0) return output;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}

/** Runs with our terminal and answers the exit code; signals reach the child and we wait for its own end. */
export function hand(command, args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: taskEnvironment(environment), stdio: 'inherit' });
    // The terminal sends Ctrl-C to both; a signal to us alone is passed on.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
