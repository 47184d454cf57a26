// The loop of whatever is read from the hub, or told to it, when a bell rings: again, ever later, after it failed.
import type { Bell } from './bell.ts';
import { messageOf } from './hub-error.ts';
import { reconnectDelayMs } from './jitter.ts';
import type { OutageLog } from './outage-log.ts';
import { StopAgent } from './stop-agent.ts';

/** One loop. */
export interface LookParts {
  readonly bell: Bell;
  readonly outage: OutageLog;
  /** Looks; false, or any error but `StopAgent`, is a failure. */
  readonly look: () => Promise<boolean>;
  /** How long it rests where nothing rings. */
  readonly restMs: () => number;
}

/**
 * Looks at each ring until the signal is aborted; rejects with `StopAgent` alone. The bell may have rung for the look
 * that failed, and does not ring for that again, so that one is made once more without a ring.
 */
export async function lookWhenRung(parts: LookParts, signal: AbortSignal): Promise<void> {
  const { bell, restMs } = parts;
  for (let failures = 0; !signal.aborted;) {
    await bell.wait(failures === 0 ? restMs() : reconnectDelayMs(failures, Math.random()), signal);
    if (!signal.aborted) failures = (await isLooked(parts)) ? 0 : failures + 1;
  }
}

async function isLooked({ look, outage }: LookParts): Promise<boolean> {
  try {
    const isDone = await look();
    outage.works();
    return isDone;
  } catch (error) {
    if (error instanceof StopAgent) throw error;
    outage.failed(messageOf(error));
    return false;
  }
}
