// What a piece of work asks of the tables behind instances, so that a test can count it.
import { Client } from 'pg';

const isRead =
  /^\s*select[^]* from (instance|application|environment|cluster|cluster_rollup|slot_rollup|release)\b/;
// The sweep over clusters, which may run at any moment, locks what it reads; nothing that people ask does.
const isLocking = /for (no key )?update/;

/** The texts of the reads that match, one for each time that it was run by this process. */
export async function statementsOf(
  work: () => Promise<unknown>,
  matching: RegExp = isRead,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const query = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0] as { readonly text?: string }).text;
    if (text && matching.test(text) && !isLocking.test(text)) seen.push(text);
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
    return seen;
  } finally {
    Client.prototype.query = query;
  }
}
