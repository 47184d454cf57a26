// A refusal is an expected no: a value that the caller gets back, never an error.

/** Why something was not done. `code` is stable; `reasons` name every problem at once. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly reasons: readonly string[];
}

/** Makes a refusal; `reasons` defaults to the message alone. */
export function refuse(code: string, message: string, reasons: readonly string[] = [message]): Refusal {
  return { code, message, reasons };
}

/** Thrown inside a transaction to roll it back; `refusalOf` turns it into the value that the caller gets. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Runs `work`; a `Refused` thrown by it becomes its refusal, anything else goes on. */
export async function refusable<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** Whether a result is a refusal. */
export function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && 'code' in result && 'reasons' in result;
}
