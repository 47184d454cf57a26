// The catalogue of errors: a caller's mistake, thrown, with a stable code. docs/errors.md is generated from here.

/** Code, HTTP status and what the caller can do; the message of one occurrence says what, which step, why. */
export const errorCatalogue = {
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'No token, or one that is unknown, expired or revoked.',
    remedy:
      'Send `Authorization: Bearer TOKEN` with a token that is listed by `apiTokens`, or make a new one.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The token is good, but its role may not do this.',
    remedy: 'Use a token with the role that the message names.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'The thing that the call names does not exist.',
    remedy: 'Check the name; the matching list query shows what exists.',
  },
  INVALID: {
    status: 400,
    meaning: 'The input breaks a rule; the message names every problem at once.',
    remedy: 'Correct what the message names and call again.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'Somebody changed the same thing at the same moment.',
    remedy: 'Read it again and repeat the call.',
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning:
      'The operation is larger than the hub serves: depth, aliases, tokens, page size, body size or time.',
    remedy: 'Ask for less at once; the message names the limit.',
  },
  UNAVAILABLE: {
    status: 503,
    meaning: 'Something the hub needs (database, queue, Git) did not answer in time.',
    remedy: 'Try again; `/readyz` says what is missing.',
  },
  INTERNAL: {
    status: 500,
    meaning: 'A fault of the hub.',
    remedy: 'Give the request id to whoever runs the hub; its log has the whole story under that id.',
  },
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCatalogue;

/** A caller's mistake. `reasons` lists each problem where there are several. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly reasons: readonly string[];

  constructor(code: ErrorCode, message: string, reasons: readonly string[] = []) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.reasons = reasons;
  }
}

/** `Application "shop" does not exist.` */
export function notFound(kind: string, name: string): AppError {
  return new AppError('NOT_FOUND', `${kind} "${name}" does not exist.`);
}

/** All problems of one input in one error. */
export function invalid(what: string, problems: readonly string[]): AppError {
  return new AppError('INVALID', `${what}: ${problems.join(' ')}`, problems);
}
