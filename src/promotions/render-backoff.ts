// How long a slot's newcomers rest after they could not be rendered. Lost with the process, harmlessly: it only saves work.

const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 10 * 60_000;

interface Rest {
  readonly attempt: string;
  readonly untilMs: number;
  readonly lengthMs: number;
}

/** `attempt` names what was tried: another one, with a new cluster or a new release, does not rest. */
export class RenderBackoff {
  private readonly rests = new Map<string, Rest>();
  private readonly nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.nowMs = nowMs;
  }

  /** Whether the same attempt failed so short a time ago that it is not made again yet. */
  restsNow(key: string, attempt: string): boolean {
    const rest = this.rests.get(key);
    return rest?.attempt === attempt && this.nowMs() < rest.untilMs;
  }

  /** Each failure of the same attempt doubles the rest. */
  note(key: string, attempt: string, failed: boolean): void {
    const before = this.rests.get(key);
    if (!failed) {
      this.rests.delete(key);
      return;
    }
    const lengthMs =
      before?.attempt === attempt ? Math.min(before.lengthMs * 2, LONGEST_REST_MS) : FIRST_REST_MS;
    this.rests.set(key, { attempt, lengthMs, untilMs: this.nowMs() + lengthMs });
  }
}
