// The one place where the hub reads the time, so that tests can move it.

/** Injected wherever a decision depends on now. */
export abstract class Clock {
  abstract now(): Date;
}

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
