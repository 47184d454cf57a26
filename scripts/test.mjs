// npm test: the checks and every suite. The last line sums up.
import { checks, runChecks } from './check.mjs';
import { runVitest } from './setup/vitest.mjs';

const words = process.argv.slice(2);
const failedChecks = await runChecks();
const { passed, failed } = await runVitest(['pure', 'contract', 'integration', 'kube', 'e2e'], words);
const allFailed = failed + failedChecks.length;
console.log(`\n${passed + checks.length - failedChecks.length} passed, ${allFailed} failed`);
process.exitCode = allFailed === 0 ? 0 : 1;
