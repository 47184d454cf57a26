// Thrown where going on is of no use: the process ends with the reason's exit code.
import type { ExitReason } from '../exit-code.ts';

/** The message says what happened and what to do. */
export class StopAgent extends Error {
  override readonly name = 'StopAgent';
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
