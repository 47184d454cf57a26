// npm run faults: runs the fault cases and writes docs/faults.md. With --check: compares what is committed with the
// catalogue, and runs nothing.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { faultPage, faultProblems } from './docs/fault-page.ts';
import { runVitest } from './setup/vitest.mjs';

const page = 'docs/faults.md';
const committed = existsSync(page) ? readFileSync(page, 'utf8') : '';

if (process.argv.includes('--check')) {
  const problems = faultProblems(committed);
  if (problems.length > 0) {
    console.error(`${page} is out of date: run \`npm run faults\` and commit it.\n${problems.join('\n')}`);
    process.exitCode = 1;
  }
} else {
  const words = process.argv.slice(2);
  if (words.length === 0) rmSync('.build/faults', { recursive: true, force: true });
  const filters = words.length === 0 ? ['test/e2e/faults'] : words.map((word) => `test/e2e/faults/${word}`);
  const { failed } = await runVitest(['e2e'], filters);
  writeFileSync(page, faultPage(committed));
  process.exitCode = failed === 0 ? 0 : 1;
}
