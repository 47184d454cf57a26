// The programs of one demo: started with their output in a log each, watched, and stopped in order.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { endGroup, killGroup } from './end-group.ts';
import type { RunFile } from './run-file.ts';

/** What to run with our own Node. */
export interface ProgramPlan {
  readonly name: string;
  /** Arguments of Node: options, the script, its arguments. */
  readonly words: readonly string[];
  /** Complete: nothing of our own environment is added. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to end once it is asked to. */
  readonly patienceMs: number;
}

/** A program ended that should have gone on. The message names it and shows its last words. */
export class ProgramEnded extends Error {
  override readonly name = 'ProgramEnded';
}

interface Running {
  readonly plan: ProgramPlan;
  readonly pid: number;
  /** Resolves when its end has been dealt with. */
  readonly end: Promise<void>;
  isStopping: boolean;
}

const LOG_TAIL_LINES = 15;

/** Starts programs, each in a process group of its own, so that Ctrl-C reaches the demo alone. */
export class ProgramSet {
  readonly #logs: string;
  readonly #runFile: RunFile;
  readonly #onDeath: (error: ProgramEnded) => void;
  readonly #running = new Set<Running>();

  /** `onDeath` hears of each program that ends without being asked to. */
  constructor(logs: string, runFile: RunFile, onDeath: (error: ProgramEnded) => void) {
    this.#logs = logs;
    this.#runFile = runFile;
    this.#onDeath = onDeath;
  }

  /** Starts a program; its log of the last start is kept as `NAME.log.1`. */
  start(plan: ProgramPlan): void {
    const log = this.#openLog(plan.name);
    const child = spawn(process.execPath, plan.words, {
      detached: true,
      env: plan.env,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.on('error', () => undefined); // told by the missing pid, on the next line
    if (child.pid === undefined) throw new Error(`${plan.name}: ${process.execPath} could not be started`);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const running: Running = { plan, pid: child.pid, end, isStopping: false };
    this.#running.add(running);
    this.#runFile.add(plan.name, running.pid);
    child.once('exit', (code, signal) => {
      this.#ended(running, signal ?? `exit code ${code}`);
      resolve();
    });
  }

  /** Stops the program of that name, where it runs. */
  async stopOne(name: string): Promise<void> {
    for (const running of [...this.#running].filter(({ plan }) => plan.name === name)) {
      running.isStopping = true;
      await endGroup(running.pid, running.plan.patienceMs);
      await running.end;
    }
  }

  /** Stops everything, the programs that were started last first. */
  async stop(): Promise<void> {
    for (const running of [...this.#running].toReversed()) {
      running.isStopping = true;
      await endGroup(running.pid, running.plan.patienceMs);
      await running.end;
    }
  }

  /** Kills everything at once. */
  kill(): void {
    for (const running of this.#running) {
      running.isStopping = true;
      killGroup(running.pid);
    }
  }

  #openLog(name: string): number {
    const file = this.#logOf(name);
    if (existsSync(file)) renameSync(file, `${file}.1`);
    return openSync(file, 'a');
  }

  #ended(running: Running, how: string): void {
    const { plan, pid, isStopping } = running;
    this.#running.delete(running);
    this.#runFile.drop(pid);
    if (isStopping) return;
    killGroup(pid); // what it had started itself has nobody to serve any more
    this.#onDeath(
      new ProgramEnded(
        `${plan.name} ended by itself (${how}). Its last words, from ${this.#logOf(plan.name)}:\n${this.#logTail(plan.name)}`,
      ),
    );
  }

  #logTail(name: string): string {
    const lines = readFileSync(this.#logOf(name), 'utf8').trimEnd().split('\n');
    return lines
      .slice(-LOG_TAIL_LINES)
      .map((line) => `    ${line}`)
      .join('\n');
  }

  #logOf(name: string): string {
    return path.join(this.#logs, `${name}.log`);
  }
}
