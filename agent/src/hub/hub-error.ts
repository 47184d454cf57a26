// One shape for everything that can go wrong between agent and hub.

/**
 * `code`: UNREACHABLE (no answer, or one that is not the hub's), the hub's own error code (UNAUTHENTICATED, INVALID …),
 * or that of its refusal (JOIN_TOKEN_EXPIRED …).
 */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: string;

  /** A hub that quotes what it was sent must not bring a token into the agent's log. */
  constructor(code: string, message: string) {
    super(withoutTokens(message));
    this.code = code;
  }
}

function withoutTokens(message: string): string {
  return message.replaceAll(/fl_(join|agent|user)_[\w-]+/g, 'fl_$1_…');
}

/** Whether an error has one of these codes. */
export function isHubError(error: unknown, ...codes: string[]): error is HubError {
  return error instanceof HubError && (codes.length === 0 || codes.includes(error.code));
}

/** Whether the same call may go well a little later without anybody doing anything. */
export function isPassing(error: unknown): boolean {
  return isHubError(error, 'UNREACHABLE', 'UNAVAILABLE', 'INTERNAL', 'CONFLICT');
}

/** The words of any error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
