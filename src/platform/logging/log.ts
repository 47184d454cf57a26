// Structured logging with one set of field names.

/** Field names of every log line of a decision; the same words as in SQL and GraphQL. */
export interface LogFields {
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly release?: number;
  readonly promotion?: string;
  readonly requestId?: string;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

/** Secret values never reach it: callers pass names and ids. */
export abstract class Log {
  abstract debug(message: string, fields?: LogFields): void;
  abstract info(message: string, fields?: LogFields): void;
  abstract warn(message: string, fields?: LogFields): void;
  abstract error(message: string, fields?: LogFields): void;
}
