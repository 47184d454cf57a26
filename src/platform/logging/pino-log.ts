// The log on pino: one JSON line each, on standard output.
import type { LoggerService } from '@nestjs/common';
import { pino, stdSerializers, type Logger } from 'pino';
import { AppError } from '../errors.ts';
import { Log, type LogFields } from './log.ts';

/** `level`: what is less grave is left out. */
export class PinoLog extends Log {
  readonly #pino: Logger;

  constructor(level: string) {
    super();
    this.#pino = pino({
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.errWithCause },
    });
  }

  override debug(message: string, fields: LogFields = {}): void {
    this.#pino.debug(fields, message);
  }

  override info(message: string, fields: LogFields = {}): void {
    this.#pino.info(fields, message);
  }

  override warn(message: string, fields: LogFields = {}): void {
    this.#pino.warn(fields, message);
  }

  override error(message: string, fields: LogFields = {}): void {
    this.#pino.error(fields, message);
  }
}

/** Nest's own messages in the same log; its start-up chatter is worth `debug` only. */
export function nestLogger(log: Log): LoggerService {
  const text = (message: unknown): string =>
    typeof message === 'string' ? message : JSON.stringify(message);
  return {
    log: (message: unknown, context?: unknown) => log.debug(text(message), { nest: context }),
    debug: (message: unknown, context?: unknown) => log.debug(text(message), { nest: context }),
    verbose: (message: unknown, context?: unknown) => log.debug(text(message), { nest: context }),
    warn: (message: unknown, context?: unknown) => log.warn(text(message), { nest: context }),
    error: (message: unknown, ...rest: unknown[]) => {
      // A caller's mistake is answered, not logged; Nest cannot tell it from a fault.
      if (message instanceof AppError) return;
      const error = message instanceof Error ? message : undefined;
      log.error(error?.message ?? text(message), { ...(error ? { error } : {}), nest: rest.at(-1) });
    },
  };
}
