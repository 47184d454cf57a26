// Selectors as Postgres answers them against the same selectors in memory: a cluster must never be in an environment
// by one and out of it by the other.
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  isSelectorProblem,
  matchesSelector,
  parseLabelSelector,
  selectorSql,
} from '../../src/clusters/domain/label-selector.ts';
import { labelKv } from '../../src/clusters/domain/labels.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let db: Client;
beforeAll(async () => {
  database = await startTestDatabase();
  db = new Client({ connectionString: database.connectionString });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await database.stop();
});

const key = fc.constantFrom('a', 'b', 'x.y/c', 'aa');
const value = fc.constantFrom('', 'a', 'b', 'v.1_2');
const requirement = fc.oneof(
  fc.tuple(key, fc.constantFrom('=', '!='), value).map((parts) => parts.join('')),
  fc
    .tuple(key, fc.constantFrom('in', 'notin'), fc.array(value, { minLength: 1, maxLength: 3 }))
    .map(([name, operator, values]) => `${name} ${operator} (${values.join(',')})`),
  fc.tuple(fc.constantFrom('', '!'), key).map((parts) => parts.join('')),
);

it('Postgres and memory agree on every selector and every set of labels', async () => {
  const selectors = fc.array(requirement, { maxLength: 4 }).map((all) => all.join(','));
  const fleets = fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(selectors, fleets, async (text, fleet) => {
      const selector = parseLabelSelector(text);
      if (isSelectorProblem(selector)) throw new Error(selector.problem);
      const condition = selectorSql(selector, 't.kv', 2);
      const { rows } = await db.query<{ matches: boolean }>(
        `select ${condition.text} as matches
         from jsonb_array_elements($1::jsonb) with ordinality as f(labels, position)
         cross join lateral (select array(select jsonb_array_elements_text(f.labels)) as kv) t order by position`,
        [JSON.stringify(fleet.map(labelKv)), ...condition.values],
      );
      expect(rows.map(({ matches }) => matches)).toEqual(
        fleet.map((labels) => matchesSelector(selector, labels)),
      );
    }),
    { numRuns: 200 },
  );
});
