// Behind every npm script: sets up what the task needs (nothing, when all is up to date), then runs it on Node 24.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 20 or newer.
import { withBuildLock } from './go-tools/build-lock.mjs';
import { inRoot, node, workFolder } from './setup/paths.mjs';
import { hand } from './setup/run-child.mjs';
import { setUp, stepsFor } from './setup/steps.mjs';

const source = '--conditions=source';

/** What stands under each task, and how it is run; further words go to the program. */
const tasks = {
  setup: { needs: stepsFor.everything },
  build: { needs: stepsFor.everything },
  demo: { needs: stepsFor.everything, run: [source, 'demo/main.ts'] },
  bench: { needs: stepsFor.everything, run: [source, 'bench/main.ts'] },
  start: { needs: stepsFor.hub, run: ['dist/main.js'] },
  worker: { needs: stepsFor.hub, run: ['dist/worker.js'] },
  agent: { needs: stepsFor.everything, run: ['agent/dist/agent.mjs'] },
  health: { needs: stepsFor.dependencies, run: [source, 'health/src/command/main.ts'] },
  dev: { needs: stepsFor.everything, run: ['scripts/dev.mjs'] },
  schema: {
    needs: stepsFor.hub,
    run: ['dist/print-schema.js', 'schema.graphql'],
    after: [source, 'scripts/docs.ts'],
  },
  check: { needs: stepsFor.everything, run: ['scripts/check.mjs'] },
  test: { needs: stepsFor.everything, run: ['scripts/test.mjs'] },
  faults: { needs: stepsFor.everything, run: [source, 'scripts/faults.mjs'] },
};

function programOf([first, ...rest]) {
  return first === source ? [source, ...rest.map((path) => inRoot(path))] : [inRoot(first), ...rest];
}

async function main([name, ...words]) {
  const task = tasks[name];
  if (!task) throw new Error(`there is no task "${name ?? ''}"; there are ${Object.keys(tasks).join(', ')}`);
  const waiting = () => console.error('setup: waiting for another set-up of this checkout');
  await withBuildLock(`${workFolder}/setup`, waiting, () => setUp(task.needs));
  if (!task.run) return 0;
  const code = await hand(node, [...programOf(task.run), ...words]);
  return code === 0 && task.after ? hand(node, programOf(task.after)) : code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
