// The embedded database as one hub's own: no second hub may work on it, and nobody else stops it.
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';

/** Held by the owning hub's session, so that it ends with the hub, however that ends. Two numbers: a key space that the features' locks do not share. */
const OWNER_LOCK = [4_070, 1];

/** Starts (or adopts) the database of a folder and claims it; refuses where another hub holds it. */
export async function openOwnDatabase(
  folder: string,
  say: (message: string) => void,
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder, say });
  const owner = new Client({
    connectionString: postgres.connectionString,
    application_name: 'fairlead-owner',
  });
  // The lock goes with the session; when the database itself goes down, that is no news.
  owner.on('error', () => undefined);
  await owner.connect();
  const { rows } = await owner.query<{ mine: boolean }>(
    'select pg_try_advisory_lock($1, $2) as mine',
    OWNER_LOCK,
  );
  if (rows[0]?.mine !== true) {
    await owner.end();
    postgres.leave();
    throw new Error(
      `Another hub runs on ${folder}: stop it first, or give this one a FAIRLEAD_DATA_DIR of its own.`,
    );
  }
  return { ...postgres, stop: () => owner.end().then(() => postgres.stop()) };
}
