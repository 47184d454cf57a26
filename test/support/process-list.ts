// Which processes of this machine were started for something, so that a test can show that none is left.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Command lines of the running processes that contain one of the texts (a work folder, say). Linux and macOS. */
export function processesNaming(texts: string | readonly string[]): string[] {
  const all = existsSync('/proc/self/cmdline') ? fromProc() : fromPs();
  return all.filter((line) => [texts].flat().some((text) => line.includes(text)));
}

function fromProc(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => commandLine(pid).replaceAll('\0', ' '));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended between the two looks
  }
}

const fromPs = () => execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).split('\n');
