// Refusals in the words and the shape of the Kubernetes API: clients read reason, code and details, people the message.
import type { Json, JsonObject } from './json-value.ts';

/** What a refusal is about; group and plural name the resource, as the API server writes them. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

const qualified = (name: string, group: string): string => (group === '' ? name : `${name}.${group}`);

/** An expected refusal; `status` is what goes over the wire with its own HTTP code. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  get status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

const detailsOf = (subject: Subject, name: string, causes?: readonly Cause[]): JsonObject => ({
  ...(name !== '' && { name }),
  ...(subject.group !== '' && { group: subject.group }),
  kind: subject.plural,
  ...(causes && { causes: causes.map((cause): Json => ({ ...cause })) }),
});

export const notFound = (subject: Subject, name: string): StatusError =>
  new StatusError(
    404,
    'NotFound',
    `${qualified(subject.plural, subject.group)} "${name}" not found`,
    detailsOf(subject, name),
  );

export const alreadyExists = (subject: Subject, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${qualified(subject.plural, subject.group)} "${name}" already exists`,
    detailsOf(subject, name),
  );

/** 409 for a stale resourceVersion or UID: the caller must read again and decide anew. */
export const writeConflict = (subject: Subject, name: string, why: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(subject.plural, subject.group)} "${name}": ${why}`,
    detailsOf(subject, name),
  );

export const STALE_OBJECT =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 422 with one cause per broken rule; a single rule is written without brackets. */
export function invalid(subject: Subject, name: string, causes: readonly Cause[]): StatusError {
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const message = `${qualified(subject.kind, subject.group)} "${name}" is invalid: ${text}`;
  const details = { ...detailsOf(subject, name, causes), kind: subject.kind };
  return new StatusError(422, 'Invalid', message, details);
}

export const forbidden = (subject: Subject, name: string, why: string, causes?: Cause[]): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    `${qualified(subject.plural, subject.group)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    detailsOf(subject, name, causes),
  );

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);

/** 410: what the client remembers is older than what the server remembers; it must list again. */
export const expired = (message: string): StatusError => new StatusError(410, 'Expired', message);

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

/** 404 for an address that no kind is served at, so a client can tell it from an absent object. */
export const unknownAddress = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const unsupportedBody = (): StatusError =>
  new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
