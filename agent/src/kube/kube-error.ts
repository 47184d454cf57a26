// One shape for everything that can go wrong with a request to an API server.

/** One cause of a refusal, as `details.causes` of a Kubernetes Status gives it. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** The part of a Kubernetes `Status` that is read. */
export interface KubeStatus {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly StatusCause[];
  };
}

/** What was tried: names the request in messages. */
export interface RequestSubject {
  readonly verb: string;
  /** Plural resource with its group, such as `deployments.apps`, or a path where there is none. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As whom it was tried; the agent itself where it is not given. */
  readonly user?: string | undefined;
}

/** A refused or failed request. `code` is the HTTP status; 0 means that no answer came. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: number;
  readonly reason: string;
  readonly subject: RequestSubject;
  readonly status: KubeStatus;

  constructor(code: number, status: KubeStatus, subject: RequestSubject) {
    super(status.message ?? `the API server answered ${code}`);
    this.code = code;
    this.reason = status.reason ?? (code === 0 ? 'Unreachable' : 'Unknown');
    this.subject = subject;
    this.status = status;
  }

  /** The causes that the API server gave; empty where it gave none. */
  get causes(): readonly StatusCause[] {
    return this.status.details?.causes ?? [];
  }
}

/** Whether an error is a refusal with one of these HTTP codes. */
export function isKubeError(error: unknown, ...codes: number[]): error is KubeError {
  return error instanceof KubeError && (codes.length === 0 || codes.includes(error.code));
}

/** No API server serves this kind now; a definition that arrives later may change that. */
export function kindNotServed(apiVersion: string, kind: string, where?: Partial<RequestSubject>): KubeError {
  const message = `the cluster serves no kind ${kind} in ${apiVersion}`;
  const subject = { verb: 'get', resource: `${kind}.${apiVersion}`, ...where };
  return new KubeError(404, { reason: KIND_NOT_SERVED, message }, subject);
}

/** Reason of `kindNotServed`. */
export const KIND_NOT_SERVED = 'KindNotServed';
