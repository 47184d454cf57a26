// Prints the parts of docs/ and of the READMEs that come from code and from results: `docs.ts` writes them, `docs.ts --check` fails
// where they are old.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { benchPage, readMeasured, withBenchTable } from './docs/bench-tables.ts';
import { withChartValues } from './docs/chart-values.ts';
import { errorPage } from './docs/error-page.ts';
import { withHealthTables } from './docs/health-page.ts';
import { withPromotionStates } from './docs/promotion-states.ts';

const architecture = 'docs/ARCHITECTURE.md';
const chart = 'helm/agent/README.md';
const health = 'docs/health.md';
const measured = readMeasured('bench/results');
const promotions = 'docs/promotions.md';
const pages = {
  'docs/errors.md': errorPage(),
  'README.md': withBenchTable(readFileSync('README.md', 'utf8'), measured),
  'bench/results/README.md': benchPage(measured),
  [health]: withHealthTables(readFileSync(health, 'utf8')),
  [architecture]: withPromotionStates(readFileSync(architecture, 'utf8')),
  [promotions]: withPromotionStates(readFileSync(promotions, 'utf8')),
  [chart]: withChartValues(readFileSync(chart, 'utf8'), readFileSync('helm/agent/values.yaml', 'utf8')),
};

const old = Object.entries(pages).filter(
  ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
);
if (!process.argv.includes('--check')) {
  for (const [path, text] of old) writeFileSync(path, text);
} else if (old.length > 0) {
  console.error(
    `Out of date: ${old.map(([path]) => path).join(', ')}. Run \`npm run schema\` and commit the result.`,
  );
  process.exitCode = 1;
}
