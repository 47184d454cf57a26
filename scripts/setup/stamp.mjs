// Whether a step has anything to do: a digest over what it reads, kept from its last success.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, workFolder } from './paths.mjs';

const stampOf = (step) => join(workFolder, 'stamps', step);
const ignored = new Set(['node_modules', 'dist', '.build']);

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !ignored.has(name))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** Digest over the content of files and folders of the checkout. */
export function digestOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesBelow(inRoot(path)))) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Whether the inputs are those of the last success and all outputs are there. */
export function isFresh(step, { inputs, outputs }) {
  if (outputs.some((path) => !existsSync(inRoot(path)))) return false;
  return existsSync(stampOf(step)) && readFileSync(stampOf(step), 'utf8') === digestOf(inputs);
}

export function markFresh(step, { inputs }) {
  mkdirSync(join(workFolder, 'stamps'), { recursive: true });
  writeFileSync(stampOf(step), digestOf(inputs));
}
