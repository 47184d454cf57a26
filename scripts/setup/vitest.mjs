// Runs vitest projects and counts: a suite that does not load counts as one that failed.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inRoot, node, workFolder } from './paths.mjs';
import { hand } from './run-child.mjs';

/** `{ passed, failed }` over the projects; its output goes to the terminal. */
export async function runVitest(projects, words = [], reporter = 'default') {
  const report = `${workFolder}/vitest-${process.pid}.json`;
  mkdirSync(workFolder, { recursive: true });
  const args = projects.flatMap((project) => ['--project', project]);
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`];
  const code = await hand(node, [
    inRoot('node_modules/vitest/vitest.mjs'),
    'run',
    ...args,
    ...reporters,
    ...words,
  ]);
  return counted(report, code);
}

function counted(report, code) {
  try {
    const told = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = told.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    );
    const failed = told.numFailedTests + unloaded.length;
    // An error outside any test (an unhandled rejection) ends vitest with a code and no failed test.
    return { passed: told.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}
