// How long to wait so that ten thousand agents do not all come back in the same second. Pure.

const FIRST_MS = 1_000;
const LONGEST_MS = 20_000;

/**
 * Full jitter: anything from nothing to a ceiling that doubles with every failure in a row, from 1 s to 20 s: 5,000
 * agents are back within half a minute of their hub, and ask it for no more than a few hundred connections a second.
 * `random` is in [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16)) * random;
}

/** Between half and one and a half times `meanMs`, for whatever is done again and again. */
export function aroundMs(meanMs: number, random: number): number {
  return meanMs * (0.5 + random);
}
