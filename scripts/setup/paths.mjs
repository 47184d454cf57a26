// Where things are. Plain JavaScript on Node 20: it runs before anything is installed.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A path inside the checkout. */
export const inRoot = (...parts) => join(root, ...parts);

/** What set-up leaves for its next run; not part of the repository. */
export const workFolder = inRoot('.build');

/** Node 24, installed with the dependencies. */
export const node = inRoot('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** The environment of every task: our Node first. */
export function taskEnvironment(more = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = `${inRoot('node_modules', '.bin')}${separator}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, ...more };
}
