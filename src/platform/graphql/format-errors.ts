// The one place where errors become what a caller sees. What nobody expected is logged whole and shown as INTERNAL.
import { HttpException } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, errorCatalogue, type ErrorCode } from '../errors.ts';
import type { Log } from '../logging/log.ts';

/** Whose operation it was. */
export interface FailedOperation {
  readonly requestId: string;
  readonly principal: string | undefined;
  readonly operation: string | undefined;
}

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'LIMIT_EXCEEDED',
  503: 'UNAVAILABLE',
};

/** Codes of Node and Postgres that mean: the database is away, not broken. */
const away = /^(ECONN\w+|ENOTFOUND|EPIPE|ETIMEDOUT|08\w{3}|57P0[123]|53300|P1001|P1002|P1008|P1017|P2024)$/;

/** Errors as they are sent. */
export function formatErrors(
  errors: readonly GraphQLError[],
  failed: FailedOperation,
  log: Log,
): readonly GraphQLFormattedError[] {
  return errors.map((error) => formatError(error, failed, log));
}

function formatError(error: GraphQLError, failed: FailedOperation, log: Log): GraphQLFormattedError {
  const known = expected(error);
  if (known) {
    const { message, code, reasons } = known;
    return { ...error.toJSON(), message, extensions: { code, ...(reasons.length > 0 ? { reasons } : {}) } };
  }
  const { requestId } = failed;
  const code = isAway(error.originalError) ? 'UNAVAILABLE' : 'INTERNAL';
  log.error('an operation failed', { ...failed, path: error.path, error: error.originalError ?? error });
  const message =
    code === 'INTERNAL'
      ? `The hub failed on this; its log has the cause under request id ${requestId}.`
      : `The database did not answer in time (request id ${requestId}); try again.`;
  return { ...error.toJSON(), message, extensions: { code, requestId } };
}

interface Expected {
  readonly message: string;
  readonly code: ErrorCode;
  readonly reasons: readonly string[];
}

function expected(error: GraphQLError): Expected | undefined {
  const cause = rootOf(error);
  if (cause instanceof AppError) return { message: cause.message, code: cause.code, reasons: cause.reasons };
  if (cause instanceof HttpException) return ofHttp(cause);
  // graphql's own: a text that does not parse, an unknown field, a variable of a wrong type.
  return cause === undefined ? { message: error.message, code: 'INVALID', reasons: [] } : undefined;
}

function ofHttp(cause: HttpException): Expected | undefined {
  const code = codeOfStatus[cause.getStatus()];
  return code && { message: cause.message, code, reasons: [] };
}

/** Scalars' errors are wrapped once by graphql for the variable and once for the field. */
function rootOf(error: GraphQLError): Error | undefined {
  let cause = error.originalError;
  while (cause instanceof GraphQLError) cause = cause.originalError;
  return cause ?? undefined;
}

function isAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && away.test(code)) return true;
    if (/timeout exceeded when trying to connect|Connection terminated/.test(at.message)) return true;
  }
  return false;
}

/** A whole answer for an error that stopped a request before it was an operation. */
export function errorBody(
  code: ErrorCode,
  message: string,
): { readonly errors: readonly GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code } }] };
}

/** The HTTP status of an answer: the error's own where nothing was executed, and 401 wherever the token was the matter. */
export function statusOf(errors: readonly GraphQLFormattedError[] | undefined, executed: boolean): number {
  const codes = (errors ?? []).map((error) => error.extensions?.['code'] as ErrorCode | undefined);
  if (codes.includes('UNAUTHENTICATED')) return 401;
  const [first] = codes;
  return executed || first === undefined ? 200 : errorCatalogue[first].status;
}
