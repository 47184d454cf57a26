// npm run check: everything that can be known without starting a process of ours. One line each; the whole story of what failed.
import { readFileSync, rmSync } from 'node:fs';
import { inRoot, node, workFolder } from './setup/paths.mjs';
import { capture } from './setup/run-child.mjs';
import { runVitest } from './setup/vitest.mjs';

const bin = (path) => inRoot('node_modules', ...path.split('/'));
const onNode = (path, ...args) => [node, [bin(path), ...args]];

/** Compares what the code prints now with what is committed. */
async function schemaIsPrinted() {
  const fresh = `${workFolder}/schema.graphql`;
  const { code, output } = await capture(node, [inRoot('dist/print-schema.js'), fresh]);
  if (code !== 0) return { code, output };
  const same = readFileSync(fresh, 'utf8') === readFileSync(inRoot('schema.graphql'), 'utf8');
  rmSync(fresh);
  return same
    ? { code: 0, output: '' }
    : { code: 1, output: 'schema.graphql is not what src/ says: run `npm run schema` and commit it.\n' };
}

const command =
  ([program, args]) =>
  () =>
    capture(program, args);

export const checks = [
  [
    'format',
    command(
      onNode(
        'prettier/bin/prettier.cjs',
        '--check',
        '--log-level',
        'warn',
        '--cache',
        '--cache-location',
        `${workFolder}/prettier`,
        '.',
      ),
    ),
  ],
  ['lint', command([bin('.bin/oxlint'), ['--type-aware', '--deny-warnings', '--quiet']])],
  ['types', command(onNode('ts7/bin/tsc', '--noEmit', '-p', inRoot('tsconfig.json')))],
  [
    'architecture',
    command(
      onNode(
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        inRoot('.dependency-cruiser.cjs'),
        'src',
        'protocol/src',
        'health/src',
        'agent/src',
        'sim/src',
        'demo',
        'bench',
      ),
    ),
  ],
  ['migrations', command([node, [inRoot('scripts/migration.mjs'), 'check']])],
  ['schema', schemaIsPrinted],
  ['faults', command([node, ['--conditions=source', inRoot('scripts/faults.mjs'), '--check']])],
  ['docs', command([node, ['--conditions=source', inRoot('scripts/docs.ts'), '--check']])],
  ['lockfile', command([node, [inRoot('scripts/complete-lockfile.mjs'), '--check']])],
];

/** Runs two at a time; answers the names of those that failed. */
export async function runChecks(tell = console.log) {
  const waiting = [...checks];
  const failed = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, run] = next;
      const startedAt = Date.now();
      const { code, output } = await run();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      tell(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds} s`);
      if (code !== 0) {
        failed.push(name);
        tell(output.trimEnd());
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

if (process.argv[1] === import.meta.filename) {
  const failed = await runChecks();
  const pure = await runVitest(['pure'], ['--no-isolate'], 'dot');
  const allFailed = failed.length + pure.failed;
  console.log(`\n${pure.passed + checks.length - failed.length} passed, ${allFailed} failed`);
  process.exitCode = allFailed === 0 ? 0 : 1;
}
