// Statements in the hub's own database, for loads that would take hours to make through the API.
import { Client } from 'pg';
import type { EmbeddedServer } from './database-use.ts';

/** Runs the statements one after the other, over a connection of its own. */
export async function runStatements(
  { address }: EmbeddedServer,
  statements: readonly string[],
): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
