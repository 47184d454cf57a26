// Takes the jobs away from a queue in Postgres, as a person would who empties its tables.
import { Client } from 'pg';

/** Of one job name, or of all. */
export async function emptyQueue(connectionString: string, job?: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const table of ['job', 'scheduler', 'dedup', 'dedup_next']) {
      const values = [job === undefined ? null : `fairlead.${job}`];
      await client.query(`delete from bullmq.${table} where $1::text is null or queue = $1`, values);
    }
  } finally {
    await client.end();
  }
}
