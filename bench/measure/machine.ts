// On what a benchmark ran: figures without it mean nothing.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The machine and the versions under test. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** The commit under test; `+` behind it where files differ from it. */
  readonly commit: string;
  readonly openFilesLimit: number;
  /** How busy the machine was before the benchmark began: runnable processes in the last minute. */
  readonly loadBefore: number;
}

/** As it is now; call it before anything is started. */
export function describeMachine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    openFilesLimit: openFilesLimit(),
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** Says so where the machine lets one process open fewer files than the load wants sockets. */
export function openFilesProblem(limit: number, needed: number): string | undefined {
  if (limit >= needed) return undefined;
  return (
    `one process may open ${limit} files (ulimit -n), and this load wants about ${needed}: ` +
    `raise it with "ulimit -n ${needed}", or ask for fewer clusters with --clusters`
  );
}

// Node raises its soft limit to the hard one when it starts, so the hard one counts.
function openFilesLimit(): number {
  const text = execFileSync('/bin/sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8', timeout: 5_000 }).trim();
  return text === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(text);
}

function commit(): string {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd, encoding: 'utf8', timeout: 10_000 }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--', 'src', 'agent', 'protocol', 'health') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (isChanged ? '+' : '');
  } catch {
    return 'unknown'; // not a checkout
  }
}
