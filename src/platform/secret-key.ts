// Where the secret key comes from when nobody set one, and the check that it is still the same one.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database/database.ts';
import type { SecretBox } from './secret-box.ts';

/** The key kept in the data folder (mode 0600), made at first start. Only for the embedded database. */
export function keptSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret-key');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** Throws where the database was used with another key: better at start than at the first secret. */
export async function assertSecretKey(database: Pick<Database, 'sql'>, box: SecretBox): Promise<void> {
  const [hub] = await database.sql<{ check: string }>(
    'update hub set secret_key_check = coalesce(secret_key_check, $1) returning secret_key_check as check',
    [box.checkValue()],
  );
  if (hub && box.matches(hub.check)) return;
  throw new Error(
    'FAIRLEAD_SECRET_KEY is not the key that this database was used with: what it encrypted could not be read. Set the former key again.',
  );
}
