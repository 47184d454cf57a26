// One build of a tool at a time on this machine, also when several clones or commands start together.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 30_000;
const RETRY_MS = 250;

/**
 * Runs `work` while holding the lock of `folder`; `onWait` is called once when somebody else holds it. A holder
 * that died is noticed at once on the same host, else (a home shared by containers or hosts) by its lock no
 * longer being touched. Should two ever hold it, they build the same files twice and the last rename wins.
 */
export async function withBuildLock(folder, onWait, work) {
  const file = `${folder}.lock`;
  mkdirSync(path.dirname(file), { recursive: true });
  for (let attempt = 0; !take(file); attempt++) {
    if (attempt === 0) onWait();
    await pause(RETRY_MS);
  }
  const beat = setInterval(() => touch(file), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, `${hostname()} ${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isDead(file)) return false;
    setAside(file);
    return take(file);
  }
}

function isDead(file) {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return false;
  if (Date.now() - touched > DEAD_AFTER_MS) return true;
  const [host, pid] = read(file).split(' ');
  return host === hostname() && Number(pid) > 0 && !isAlive(Number(pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// The lock may vanish between any two looks at it: its holder is done, or somebody else set it aside.
function unlessGone(action, otherwise) {
  try {
    return action();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return otherwise;
  }
}

const read = (file) => unlessGone(() => readFileSync(file, 'utf8'), '');

const touch = (file) => unlessGone(() => utimesSync(file, new Date(), new Date()));

const setAside = (file) =>
  unlessGone(() => {
    const aside = `${file}.dead-${process.pid}`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  });
