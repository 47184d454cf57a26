// The set-up's steps, in order. Each knows whether it has anything to do.
import { existsSync } from 'node:fs';
import { dependenciesInstalled } from './dependencies.mjs';
import { inRoot, node } from './paths.mjs';
import { must } from './run-child.mjs';
import { isFresh, markFresh } from './stamp.mjs';

const bin = (name) => inRoot('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const compiler = () => inRoot('node_modules', 'ts7', 'bin', 'tsc');
const config = ['tsconfig.base.json', 'package-lock.json'];

/** A step over files: skipped while its inputs are those of its last success. */
const fileStep = (name, title, files, run) => ({
  name,
  title,
  isDone: () => isFresh(name, files),
  run: async () => {
    await run();
    markFresh(name, files);
  },
});

const install = {
  name: 'install',
  title: 'installing dependencies',
  isDone: dependenciesInstalled,
  run: () => must('npm', ['ci', '--no-fund', '--no-audit']),
};

const generated = 'src/platform/database/generated';
const prisma = fileStep(
  'prisma',
  'generating the database client',
  { inputs: ['prisma/schema.prisma', 'package-lock.json'], outputs: [`${generated}/client.ts`] },
  () => must(bin('prisma'), ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: inRoot('prisma/no-engine.sh') }),
);

const operations = fileStep(
  'operations',
  "generating the agent's operations",
  {
    inputs: ['schema.graphql', 'agent/src/hub/operations', 'scripts/codegen.mjs', 'package-lock.json'],
    outputs: ['agent/src/hub/generated/operations.ts'],
  },
  () => must(node, [inRoot('scripts/codegen.mjs')]),
);

const words = fileStep(
  'words',
  'building protocol and health',
  {
    inputs: ['protocol/src', 'health/src', 'protocol/tsconfig.json', 'health/tsconfig.json', ...config],
    outputs: ['protocol/dist', 'health/dist'],
  },
  async () => {
    for (const folder of ['protocol', 'health']) await must(node, [compiler(), '-p', inRoot(folder)]);
  },
);

const hub = fileStep(
  'hub',
  'building the hub',
  {
    inputs: ['src', 'protocol/src', 'health/src', 'tsconfig.build.json', ...config],
    outputs: ['dist/main.js'],
  },
  () => must(node, [compiler(), '-p', inRoot('tsconfig.build.json')]),
);

const agent = fileStep(
  'agent',
  'bundling the agent',
  {
    inputs: [
      'agent/src',
      'agent/package.json',
      'protocol/src',
      'health/src',
      'scripts/build-agent.mjs',
      ...config,
    ],
    outputs: ['agent/dist/agent.mjs'],
  },
  () => must(node, [inRoot('scripts/build-agent.mjs')]),
);

const sim = fileStep(
  'sim',
  'bundling the simulated clusters',
  {
    inputs: ['sim/src', 'protocol/src', 'scripts/setup/bundle-sim.mjs', ...config],
    outputs: ['sim/dist/sim.mjs'],
  },
  () => must(node, [inRoot('scripts/setup/bundle-sim.mjs')]),
);

const graphiql = fileStep(
  'graphiql',
  'bundling GraphiQL',
  {
    inputs: ['scripts/setup/bundle-graphiql.mjs', 'scripts/setup/graphiql-page.jsx', 'package-lock.json'],
    outputs: ['dist/graphiql/graphiql.js'],
  },
  () => must(node, [inRoot('scripts/setup/bundle-graphiql.mjs')]),
);

const sources = [install, prisma, operations];
const hubOnly = [install, prisma, words, hub, graphiql];
const everything = [install, prisma, operations, words, hub, graphiql, agent, sim];

/** What each kind of task stands on. */
export const stepsFor = { nothing: [], dependencies: [install], sources, hub: hubOnly, everything };

/** Does what is to be done, one line for each step that takes time; silent where all is up to date. */
export async function setUp(steps) {
  for (const step of steps) {
    if (step.isDone()) continue;
    const startedAt = Date.now();
    process.stderr.write(`setup: ${step.title} …`);
    await step.run();
    process.stderr.write(` ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
  if (steps.length > 0 && !existsSync(node))
    throw new Error('Node 24 is not in node_modules/.bin: run `npm ci`, its install scripts allowed.');
}
