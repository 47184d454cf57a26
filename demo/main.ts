// The program behind `npm run demo`: reads the words, hears Ctrl-C, and ends with the demo's exit code.
import { readDemoOptions } from './demo-options.ts';
import type { ProgramSet } from './programs/program-set.ts';
import { Interrupted, runDemo } from './run-demo.ts';

const WRONG_WORDS = 2;

/** The first signal ends the demo in order, the second at once. */
function hearSignals(ending: AbortController, killAll: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) {
        killAll();
        process.exit(1);
      }
      console.log('\n  Stopping …');
      ending.abort(new Interrupted(`stopped by ${signal}`));
    });
  }
}

async function main(words: readonly string[]): Promise<number> {
  const options = readDemoOptions(words);
  if ('advice' in options) {
    (options.isMistake ? console.error : console.log)(options.advice);
    return options.isMistake ? WRONG_WORDS : 0;
  }
  const ending = new AbortController();
  let programs: ProgramSet | undefined;
  hearSignals(ending, () => programs?.kill());
  return runDemo(options, {
    ending,
    onPrograms: (started) => {
      programs = started;
    },
  });
}

// Whoever listened may have gone (a closed terminal, a pipe to `head`): the programs must be stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
