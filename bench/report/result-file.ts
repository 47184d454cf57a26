// bench/results/NAME.json: everything that was measured, and on what, so that a later run can be held against it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figures, Load } from '../benchmark.ts';
import type { Machine } from '../measure/machine.ts';
import type { Summary, Verdict } from './statistics.ts';

/** One load's runs. Each run has one or more samples. */
export interface LoadResult {
  readonly load: Load;
  readonly runs: readonly (readonly Figures[])[];
  readonly summary: readonly Summary[];
  readonly verdicts: readonly Verdict[];
}

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Writes the file and gives its path. */
export function writeResult(
  { name, title, simulated }: Benchmark,
  machine: Machine,
  loads: readonly LoadResult[],
): string {
  const file = path.join(RESULTS, `${name}.json`);
  const result = { name, title, at: new Date().toISOString(), machine, simulated, loads };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, rounded, 2)}\n`);
  return path.relative(process.cwd(), file);
}

/** Microseconds and billionths of a byte are noise. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}
