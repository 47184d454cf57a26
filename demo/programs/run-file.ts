// Who runs on a data folder: written while a demo runs, so that the next one can clean up after one that was killed.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endGroup } from './end-group.ts';
import { processIdentity } from './process-identity.ts';

interface Entry {
  readonly name: string;
  readonly pid: number;
  /** See `processIdentity`: without it, some other program could have the number by now. */
  readonly identity: string | undefined;
}

interface Run {
  readonly demo: Entry;
  readonly programs: readonly Entry[];
}

const PATIENCE_MS = 10_000;

/** The file of one run: names the demo itself and every program that it started. */
export class RunFile {
  readonly #file: string;
  #programs: Entry[] = [];
  #isReleased = false;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Claims the folder for this process. Programs that a killed demo left behind are stopped first, and `say` hears of
   * them; throws when another demo runs here.
   */
  static async claim(file: string, say: (message: string) => void): Promise<RunFile> {
    await stopLeftBehind(file, say);
    const claimed = new RunFile(file);
    claimed.#write('wx'); // of two that start at once, one fails here
    return claimed;
  }

  /** Adds a program that was just started. */
  add(name: string, pid: number): void {
    this.#programs = [...this.#programs, entryOf(name, pid)];
    this.#write('w');
  }

  /** Takes out a program that has ended. */
  drop(pid: number): void {
    this.#programs = this.#programs.filter((entry) => entry.pid !== pid);
    this.#write('w');
  }

  /** Frees the folder; what is added or taken out later is nobody's business any more. */
  release(): void {
    this.#isReleased = true;
    rmSync(this.#file, { force: true });
  }

  #write(flag: 'w' | 'wx'): void {
    if (this.#isReleased) return;
    const run: Run = { demo: entryOf('demo', process.pid), programs: this.#programs };
    const text = `${JSON.stringify(run, undefined, 2)}\n`;
    if (flag === 'wx') {
      writeFileSync(this.#file, text, { flag });
      return;
    }
    // A reader must never see half a file.
    writeFileSync(`${this.#file}.new`, text);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

const entryOf = (name: string, pid: number): Entry => ({ name, pid, identity: processIdentity(pid) });

async function stopLeftBehind(file: string, say: (message: string) => void): Promise<void> {
  const run = readRun(file);
  if (run === undefined) return;
  if (isStill(run.demo)) {
    throw new Error(
      `another demo runs on this folder (process ${run.demo.pid}); stop it, or name another folder with --data`,
    );
  }
  const left = run.programs.filter(isStill);
  await Promise.all(left.map(({ pid }) => endGroup(pid, PATIENCE_MS)));
  if (left.length > 0) {
    say(`stopped what an earlier demo left running: ${left.map(({ name }) => name).join(', ')}`);
  }
  rmSync(file, { force: true });
}

const isStill = ({ pid, identity }: Entry) => identity !== undefined && processIdentity(pid) === identity;

function readRun(file: string): Run | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run;
  } catch {
    rmSync(file, { force: true }); // cut short by a kill before anything was started
    return undefined;
  }
}
