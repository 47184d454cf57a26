// One `git cat-file --batch` process for a mirror: started when needed, closed when idle, read without a spawn per file.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { SourceError } from '../source-error.ts';
import { CatFileParser, type CatFileAnswer, type GitObject } from './cat-file-parser.ts';

/** Folder of the mirror, environment of the process, and its limits. */
export interface CatFileOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly maxFileBytes: number;
  readonly idleMs: number;
}

interface Pending {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pending: Pending[];
  readonly timer: NodeJS.Timeout;
}

/** Objects by name (`<id>`, `<ref>^{commit}`); a process that died is started anew by the next read. */
export class CatFile {
  private running: Running | undefined;
  private readonly options: CatFileOptions;

  constructor(options: CatFileOptions) {
    this.options = options;
  }

  /** `undefined` where there is no such object. The name comes from us or is checked: it must hold no line end. */
  read(name: string): Promise<GitObject | undefined> {
    const running = (this.running ??= this.start());
    return new Promise((resolve, reject) => {
      running.pending.push({ name, resolve, reject });
      running.timer.refresh();
      running.child.stdin.write(`${name}\n`);
    });
  }

  /** Ends the process; reads that wait fail. */
  close(): void {
    this.running?.child.kill('SIGKILL');
    this.running = undefined;
  }

  private start(): Running {
    const { folder, env, maxFileBytes, idleMs } = this.options;
    const child = spawn('git', ['--git-dir', folder, 'cat-file', '--batch'], {
      cwd: folder,
      env: { ...env },
    });
    const pending: Pending[] = [];
    // Idle with nothing asked, or silent with something asked: either way the process has no future.
    const timer = setTimeout(() => child.kill('SIGKILL'), idleMs).unref();
    const parser = new CatFileParser(maxFileBytes, (answer) => settle(pending.shift(), answer, maxFileBytes));
    child.stdout.on('data', (chunk: Buffer) => {
      timer.refresh();
      parser.push(chunk);
    });
    this.failWhenClosed(child, pending, timer);
    return { child, pending, timer };
  }

  private failWhenClosed(
    child: ChildProcessWithoutNullStreams,
    pending: Pending[],
    timer: NodeJS.Timeout,
  ): void {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
    const end = (reason: string) => {
      clearTimeout(timer);
      if (this.running?.child === child) this.running = undefined;
      const error = new SourceError(
        'REPOSITORY_DAMAGED',
        `The mirror of the repository cannot be read: ${reason}`,
      );
      for (const { reject } of pending.splice(0)) reject(error);
    };
    child.stdin.on('error', () => child.kill('SIGKILL'));
    child.on('error', (error) => end(error.message));
    child.on('close', () => end(said.trim() || 'git ended'));
  }
}

function settle(waiting: Pending | undefined, answer: CatFileAnswer, maxFileBytes: number): void {
  switch (answer.kind) {
    case 'FOUND':
      return waiting?.resolve(answer.object);
    case 'MISSING':
      return waiting?.resolve(undefined);
    case 'TOO_LARGE':
      return waiting?.reject(
        new SourceError(
          'SOURCE_TOO_LARGE',
          `A file of the source has ${answer.bytes} bytes; more than ${maxFileBytes} are not read.`,
        ),
      );
  }
}
