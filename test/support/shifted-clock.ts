// A clock that is wrong, or that jumps as after a long sleep: every `Date` of a process moves, timers do not.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TrueDate = Date;
let shiftMs = 0;

class ShiftedDate extends TrueDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(TrueDate.now() + shiftMs);
    else super(...given);
  }

  static override now(): number {
    return TrueDate.now() + shiftMs;
  }
}

/** Moves this process's clock to that far from the machine's; 0 puts it right again. */
export function shiftClock(ms: number): void {
  shiftMs = ms;
  globalThis.Date = ms === 0 ? TrueDate : (ShiftedDate as DateConstructor);
}

/** The variable that names the file with the shift of a process, in milliseconds. */
const SHIFT_FILE = 'CLOCK_SHIFT_FILE';

/** The clock of a process that is to be started: its settings, its preload, and how to move the clock while it runs. */
export function clockOfProcess(file: string, ms: number) {
  writeFileSync(file, String(ms));
  return {
    settings: { [SHIFT_FILE]: file },
    preload: fileURLToPath(import.meta.url),
    move(pid: number, toMs: number): void {
      writeFileSync(file, String(toMs));
      process.kill(pid, 'SIGUSR2');
    },
  };
}

// Loaded before a program: it lives by the file's clock, and looks again when it is told.
const file = process.env[SHIFT_FILE];
if (file !== undefined) {
  const read = (): void => shiftClock(Number(readFileSync(file, 'utf8')));
  read();
  process.on('SIGUSR2', read);
}
