// docs/faults.md: the catalogue of fault cases with what the last run of each found.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { allFaults } from '../../test/e2e/faults/fault-catalogue.ts';
import type { FaultResult } from '../../test/e2e/faults/fault-case.ts';

const tests = 'test/e2e/faults';
const results = '.build/faults';

const head = `# Faults

Every way in which the path between Git, hub, agent and API server is broken on purpose, and what was found. The tests
are in \`${tests}\`; \`npm run faults\` runs them and writes this table, and \`npm run check\` fails where a case is missing
here, has no test, or did not hold.
`;

/** The page: results of this checkout's runs, and where a case was not run here, what the page said before. */
export function faultPage(before: string): string {
  const rows = rowsOf(before);
  const chapters = Map.groupBy(allFaults, ({ chapter }) => chapter);
  const tables = [...chapters].map(([chapter, cases]) => {
    const lines = cases.map(({ key, fault, holds }) => {
      const found = resultOf(key) ?? rows.get(key)?.at(-1) ?? 'not run yet';
      return `| \`${key}\` | ${fault} | ${holds} | ${found} |`;
    });
    return `## ${chapter}\n\n| Case | What is done | What has to hold | What was found |\n|---|---|---|---|\n${lines.join('\n')}\n`;
  });
  return [head, ...tables].join('\n');
}

/** Why the committed page and the tests do not belong together; empty where they do. */
export function faultProblems(page: string): string[] {
  const rows = rowsOf(page);
  const stale = allFaults.flatMap(({ key, fault, holds }) => {
    const row = rows.get(key);
    if (!row) return [`${key} is not in the table`];
    if (row[1] !== fault || row[2] !== holds) return [`${key} is described in other words`];
    return row[3]?.startsWith('holds') ? [] : [`${key}: ${row[3] ?? 'no result'}`];
  });
  const known = new Set(allFaults.map(({ key }) => key));
  const unknown = [...rows.keys()].filter((key) => !known.has(key));
  return [
    ...stale,
    ...unknown.map((key) => `${key} is in the table and not in the catalogue`),
    ...untested(),
  ];
}

/** Each key stands in one test file. */
function untested(): string[] {
  const files = readdirSync(tests).filter((file) => file.endsWith('.test.ts'));
  const texts = files.map((file) => readFileSync(`${tests}/${file}`, 'utf8'));
  return allFaults
    .filter(({ key }) => texts.filter((text) => text.includes(`'${key}'`)).length !== 1)
    .map(({ key }) => `${key} must be proved in one test file`);
}

function resultOf(key: string): string | undefined {
  const file = `${results}/${key}.json`;
  if (!existsSync(file)) return undefined;
  const { passed, found } = JSON.parse(readFileSync(file, 'utf8')) as FaultResult;
  return `${passed ? 'holds' : 'DOES NOT HOLD'}: ${found}`;
}

/** The cells of each row, by the case's key. */
function rowsOf(page: string): Map<string, readonly string[]> {
  const lines = page.split('\n').filter((line) => line.startsWith('| `'));
  const rows = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return new Map(rows.map((cells) => [(cells[0] ?? '').replaceAll('`', ''), cells]));
}
