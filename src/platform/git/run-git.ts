// One short git process that reads its standard input, which simple-git does not offer.
import { spawn } from 'node:child_process';

/** Where it runs, and what it reads. */
export interface GitRun {
  /** The bare repository. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly timeoutMs: number;
}

/** Its failure with what it said; undefined where it went well. Arguments come from us alone. */
export function runGit(
  args: readonly string[],
  { folder, env, input, timeoutMs }: GitRun,
): Promise<Error | undefined> {
  const child = spawn('git', ['--git-dir', folder, ...args], {
    cwd: folder,
    env: { ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  // Where it ends before it has read everything, its end says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('error', resolve);
    child.on('close', (code) => {
      if (code === 0) return resolve(undefined);
      resolve(
        new Error(`git ${args[0]} ended with ${code ?? 'a kill'}: ${said.trim() || 'no reason given'}`),
      );
    });
  });
}
