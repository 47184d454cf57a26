// Tells whether a process number still means the process that it meant: numbers are used again, start times are not.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const FIELDS_BEFORE_START_TIME = 19; // of those that follow the program's name, see proc(5)

/** A word that no other process had or will have under this number; undefined when there is no such process. */
export function processIdentity(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined; // ended, and not yet collected by its parent
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[FIELDS_BEFORE_START_TIME]}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    });
    return output.trim() || undefined;
  } catch {
    return undefined; // ps exits with 1 where there is no such process
  }
}
