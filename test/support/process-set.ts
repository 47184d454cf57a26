// Programs that a test or the demo runs beside itself, with one work folder, and their sure end.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { killGroup } from './kill-group.ts';

const GUARD = fileURLToPath(new URL('./process-guard.ts', import.meta.url));
const LOG_TAIL_LINES = 12;

/** A program that was started. `ended` says how it ended, as soon as it has. */
export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  ended: string | undefined;
  readonly end: Promise<void>;
}

/**
 * Starts programs, each in a process group of its own with its output in `folder`. They and the folder are gone
 * after `close()`, and also when this process ends in any other way: a guard process sees to that. None of them
 * keeps this process from ending.
 */
export class ProcessSet {
  readonly folder: string;
  readonly #guard: ChildProcess;
  readonly #children = new Map<RunningProgram, ChildProcess>();
  #closing: Promise<void> | undefined;

  /** `label`: a word for the name of the work folder. */
  constructor(label: string) {
    this.folder = mkdtempSync(path.join(tmpdir(), `fairlead-${label}-`));
    this.#guard = spawn(process.execPath, [GUARD, this.folder], {
      detached: true,
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // A guard that died cannot be written to; close() does its work then.
    this.#guard.stdin?.on('error', () => undefined);
    release(this.#guard);
  }

  /** Starts `file` with nothing in its environment but `own`; throws when the operating system refuses. */
  start(
    name: string,
    file: string,
    programArguments: readonly string[],
    own: Readonly<Record<string, string>> = {},
  ): RunningProgram {
    const log = openSync(this.#logOf(name), 'a');
    const env = { HOME: this.folder, TMPDIR: this.folder, ...own };
    const child = spawn(file, programArguments, { detached: true, env, stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => undefined); // told by the missing pid, on the next line
    if (child.pid === undefined) throw new Error(`${name}: ${file} could not be started`);
    this.#guard.stdin?.write(`+${child.pid}\n`);
    release(child);
    return this.#follow(name, child, child.pid);
  }

  /** Ends one program and waits until it is gone. */
  async stop(program: RunningProgram): Promise<void> {
    if (program.ended === undefined) killGroup(program.pid);
    this.#children.get(program)?.ref(); // or a process that has nothing else to do ends here
    await program.end;
  }

  /** Ends all programs, removes the work folder and ends the guard. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  /** The last lines that a program wrote, for messages about its failure. */
  logTail(name: string): string {
    const lines = readFileSync(this.#logOf(name), 'utf8').trimEnd().split('\n');
    return lines.slice(-LOG_TAIL_LINES).join('\n');
  }

  #follow(name: string, child: ChildProcess, pid: number): RunningProgram {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const program: RunningProgram = { name, pid, ended: undefined, end };
    this.#children.set(program, child);
    child.once('exit', (code, signal) => {
      program.ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
      this.#children.delete(program);
      this.#guard.stdin?.write(`-${pid}\n`);
      resolve();
    });
    return program;
  }

  async #closeOnce(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((program) => this.stop(program)));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    const guardEnded = new Promise((resolve) => this.#guard.once('exit', resolve));
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return;
    this.#guard.ref();
    this.#guard.stdin?.end();
    await guardEnded;
  }

  #logOf(name: string): string {
    return path.join(this.folder, `${name}.log`);
  }
}

// Lets this process end while the child runs; the guard is told of that end by its closed input.
function release(child: ChildProcess): void {
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function')
    child.stdin.unref();
}
