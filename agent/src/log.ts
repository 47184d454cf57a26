// What the agent needs of a logger; the program's main binds it.

/** Facts of a log line. A line about a decision names application, environment and release where they are known. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log, one line a call. Secret values never get here. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
