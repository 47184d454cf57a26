// The agent as a process of its own, from its sources, with its log at hand.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../agent/src/main.ts', import.meta.url));

/** One line of the agent's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A running agent. */
export interface AgentProcess {
  readonly pid: number;
  readonly log: readonly LogLine[];
  /** Everything that it wrote, errors included. */
  output(): string;
  /** Whether a line with these words was written. */
  said(words: string): boolean;
  /** Sends the signal and waits for the end; the exit code, or null where the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  readonly exited: Promise<number | null>;
}

/** Starts an agent with these settings and nothing else of this process's environment; `preload` is loaded before it. */
export function startAgentProcess(
  settings: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): AgentProcess {
  const imports = preload.map((path) => `--import=${path}`);
  const agent = spawn(process.execPath, ['--conditions=source', ...imports, program], {
    env: { FAIRLEAD_LOG_LEVEL: 'debug', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  let output = '';
  for (const stream of [agent.stdout, agent.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      if (line.startsWith('{')) log.push(JSON.parse(line) as LogLine);
    });
  }
  const exited = new Promise<number | null>((resolve) => agent.once('close', resolve));
  return {
    pid: agent.pid ?? 0,
    log,
    output: () => output,
    said: (words) => log.some(({ message }) => message.includes(words)),
    exited,
    end: (signal = 'SIGTERM') => {
      agent.kill(signal);
      return exited;
    },
  };
}
