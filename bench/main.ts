// npm run bench -- NAME: runs one benchmark a few times, prints what it found, and keeps it in bench/results.
import type { Benchmark, Figures, Load, RunContext } from './benchmark.ts';
import { readBenchOptions } from './bench-options.ts';
import { agentCost } from './agent-cost/agent-cost.ts';
import { apply } from './apply/apply.ts';
import { drift } from './drift/drift.ts';
import { driftQueries } from './drift-queries/drift-queries.ts';
import { fanOut } from './fan-out/fan-out.ts';
import { healthStorm } from './health-storm/health-storm.ts';
import { health } from './health/evaluations.ts';
import { idle } from './idle/idle.ts';
import { largeBundle } from './large-bundle/large-bundle.ts';
import { matrix } from './matrix/matrix.ts';
import { staged } from './staged/staged.ts';
import { describeMachine } from './measure/machine.ts';
import { replicas } from './replicas/replicas.ts';
import { soak } from './soak/soak.ts';
import { storm } from './storm/storm.ts';
import { truth } from './truth/truth.ts';
import { writeResult, type LoadResult } from './report/result-file.ts';
import { judge, summarise } from './report/statistics.ts';
import { resultTable } from './report/table.ts';

const BENCHMARKS: readonly Benchmark[] = [
  idle,
  storm,
  fanOut,
  matrix,
  healthStorm,
  largeBundle,
  agentCost,
  replicas,
  apply,
  health,
  staged,
  truth,
  drift,
  driftQueries,
  soak,
];

async function main(words: readonly string[], signal: AbortSignal): Promise<void> {
  const names = BENCHMARKS.map(({ name }) => name);
  const options = readBenchOptions(words, names);
  const benchmark = BENCHMARKS.find(({ name }) => name === options.name);
  if (!benchmark) throw new Error(`there is no benchmark ${options.name}`);
  introduce(benchmark, describeMachine().loadBefore);
  const results: LoadResult[] = [];
  for (const load of benchmark.loads(options.wishes)) {
    const result = await measure(benchmark, load, { runs: options.runs, signal });
    results.push(result);
    console.log(`\n${resultTable(load.name, result.summary, result.verdicts)}\n`);
  }
  if (!options.isTrial) console.log(`written to ${writeResult(benchmark, results)}`);
}

function introduce({ title, simulated }: Benchmark, loadBefore: number): void {
  console.log(title);
  for (const sentence of simulated) console.log(`  ${sentence}`);
  if (loadBefore > 0.5)
    console.log(`  This machine is busy with other things (load ${loadBefore.toFixed(1)}).`);
}

async function measure(
  benchmark: Benchmark,
  load: Load,
  { runs, signal }: { readonly runs: number; readonly signal: AbortSignal },
): Promise<LoadResult> {
  const [machine, at] = [describeMachine(), new Date().toISOString()];
  const samples: (readonly Figures[])[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const say = (line: string) => console.log(`${load.name}, run ${run} of ${runs}: ${line}`);
    const context: RunContext = { say, signal };
    samples.push(await benchmark.run(load, context));
  }
  const summary = summarise(samples.flat());
  return {
    load,
    at,
    machine,
    runs: samples,
    summary,
    verdicts: judge(benchmark.targets, load.name, summary),
  };
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    console.log('stopping …');
    ending.abort(new Error(`stopped by ${name}`));
  });
}

try {
  await main(process.argv.slice(2), ending.signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
