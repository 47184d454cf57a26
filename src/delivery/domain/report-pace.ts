// How fast agents may report: soon while the hub is idle, slower the more it has to store.

const IDLE_MS = 100;
const MAX_MS = 10_000;

/** Milliseconds that an agent waits before its next report, with `queued` entries waiting to be stored here. */
export function nextReportMs(queued: number): number {
  return Math.min(IDLE_MS + queued, MAX_MS);
}
