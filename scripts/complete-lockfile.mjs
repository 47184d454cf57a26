// Completes package-lock.json with the optional packages of other platforms. npm leaves out those that the registry at
// hand does not have, and `npm ci` then refuses the whole file. `--check`: only says whether any is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';
const SYSTEMS = {
  darwin: 'darwin',
  win32: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
};
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64'];

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([folder, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(folder, name))
    .map(([name, range]) => ({ name, entry: platformEntry(name, range, entry.dev) })),
);

if (missing.length > 0 && process.argv.includes('--check')) {
  console.error(`${FILE} lacks ${missing.length} optional packages; run: node scripts/complete-lockfile.mjs`);
  process.exitCode = 1;
} else if (missing.length > 0) {
  for (const { name, entry } of missing) lock.packages[`node_modules/${name}`] = entry;
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}

/** As Node resolves: beside the dependant, then in every folder above it. */
function isLocked(folder, name) {
  for (let at = folder; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** System, processor and C library stand in the name of such a package; with them npm passes over it elsewhere. */
function platformEntry(name, range, dev) {
  const words = name.split(/[-/_.@]/);
  const os = words.map((word) => SYSTEMS[word]).find(Boolean);
  const cpu = words.find((word) => PROCESSORS.includes(word));
  const musl = words.some((word) => word.startsWith('musl'));
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev: true }),
    ...(musl && { libc: ['musl'] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}
