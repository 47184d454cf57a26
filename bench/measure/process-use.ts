// CPU time and memory of processes with everything that they started, from /proc; see proc(5).
import { readFileSync, readdirSync } from 'node:fs';

/** What a process tree has used so far, and holds now. */
export interface ProcessUse {
  readonly cpuSeconds: number;
  /** Resident memory; what processes share counts in each of them. */
  readonly rssBytes: number;
  /** The same with shared pages divided among those who share: the right one for a Postgres with its backends. */
  readonly pssBytes: number;
}

/** One process as /proc tells it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly program: string;
  readonly cpuSeconds: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ, fixed on every Linux that Node runs on
// Positions among the fields that follow the program's name.
const FIELD = { parent: 1, userTicks: 11, childSystemTicks: 14 };

/** Every process that can be read now. */
export function listProcesses(): readonly ProcessEntry[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProcess(Number(pid))).filter((entry) => entry !== undefined);
}

/** `pid` and what descends from it, except the trees below `without`. */
export function processUse(pid: number, without: readonly number[] = []): ProcessUse {
  const byParent = Map.groupBy(listProcesses(), ({ parent }) => parent);
  const root = readProcess(pid);
  const tree = root ? [root] : [];
  for (const entry of tree) {
    tree.push(...(byParent.get(entry.pid) ?? []).filter((child) => !without.includes(child.pid)));
  }
  return {
    cpuSeconds: tree.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    rssBytes: tree.reduce((sum, entry) => sum + memoryOf(entry.pid, 'Rss'), 0),
    pssBytes: tree.reduce((sum, entry) => sum + memoryOf(entry.pid, 'Pss'), 0),
  };
}

/** Times of children count from the moment on which they have ended and were waited for. */
function readProcess(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const nameEnd = stat.lastIndexOf(')');
    const fields = stat.slice(nameEnd + 2).split(' ');
    const ticks = fields.slice(FIELD.userTicks, FIELD.childSystemTicks + 1);
    return {
      pid,
      parent: Number(fields[FIELD.parent]),
      program: stat.slice(stat.indexOf('(') + 1, nameEnd),
      cpuSeconds: ticks.reduce((sum, text) => sum + Number(text), 0) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined; // it ended while we looked
  }
}

function memoryOf(pid: number, kind: 'Rss' | 'Pss'): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(new RegExp(`^${kind}: *(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1_024;
  } catch {
    return 0; // it ended while we looked
  }
}

/** The most that one process alone has held since it began, or since its peak was forgotten; 0 where it is gone. */
export function peakRssBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
