// A service account token that the kubelet rotates: read again every minute.
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Authorization } from './connection-settings.ts';

const REREAD_MS = 60_000;

/** Bearer authorization from a file; a file that cannot be read any more leaves the last token in use. */
export function tokenFileAuthorization(path: string, clock: Clock): Authorization {
  let current: { readonly header: string; readonly readAt: number } | undefined;
  return async () => {
    if (current && clock.now() - current.readAt < REREAD_MS) return current.header;
    try {
      current = { header: `Bearer ${(await readFile(path, 'utf8')).trim()}`, readAt: clock.now() };
    } catch (error) {
      if (!current) throw new Error(`cannot read the service account token ${path}`, { cause: error });
      current = { ...current, readAt: clock.now() };
    }
    return current.header;
  };
}
