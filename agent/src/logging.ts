// The agent's log: one JSON object a line on standard output.
import type { LogLevel } from './config.ts';
import type { Log, LogFields } from './log.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log that writes this level and above. `always` are fields of every line, such as the cluster. */
export class JsonLog implements Log {
  readonly #level: LogLevel;
  readonly #always: Record<string, string>;

  constructor(level: LogLevel, always: Readonly<Record<string, string>> = {}) {
    this.#level = level;
    this.#always = { ...always };
  }

  /** Adds a field to every line from now on: the cluster's name is known only after it has joined. */
  addField(name: string, value: string): void {
    this.#always[name] = value;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  #write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (RANK[level] < RANK[this.#level]) return;
    const line = { time: new Date().toISOString(), level, message, ...this.#always, ...fields };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
