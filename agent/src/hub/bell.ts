// Wakes one loop. However often it is rung before the loop looks, the loop runs once: messages only say "look again".
import { pause, type Clock } from '../clock.ts';

/** A reason to look again, kept until somebody looks. */
export class Bell {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Resolves when it is rung (at once where it was rung before), after `longestMs`, or when the signal is aborted. */
  async wait(longestMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRung) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await pause(this.#clock, longestMs, AbortSignal.any([signal, woken.signal]));
      this.#wake = undefined;
    }
    this.#isRung = false;
  }
}
