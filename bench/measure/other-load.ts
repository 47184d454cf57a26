// How much of the machine others used while we measured: times taken on a busy machine are no promise broken.
import { readFileSync } from 'node:fs';
import { processUse } from './process-use.ts';

const TICKS_PER_SECOND = 100; // USER_HZ
// Of the line's numbers: user, nice, system, then idle and iowait, then irq, softirq and steal.
const BUSY_FIELDS = [0, 1, 2, 5, 6, 7];

/** Begins to watch; the returned function gives the mean number of cores that were busy for others since. */
export function watchOthers(): () => number {
  const [busyBefore, ownBefore, startedAt] = [busySeconds(), ownSeconds(), performance.now()];
  return () => {
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    const others = busySeconds() - busyBefore - (ownSeconds() - ownBefore);
    return Math.max(0, others / elapsedSeconds);
  };
}

function busySeconds(): number {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const numbers = total.split(/\s+/).slice(1).map(Number);
  return BUSY_FIELDS.reduce((sum, field) => sum + (numbers[field] ?? 0), 0) / TICKS_PER_SECOND;
}

/** Everything that a benchmark starts descends from its process. */
function ownSeconds(): number {
  return processUse(process.pid).cpuSeconds;
}
