// bench/results/NAME.json: everything that was measured, and on what, so that a later run can be held against it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figures, Load } from '../benchmark.ts';
import type { Machine } from '../measure/machine.ts';
import type { Summary, Verdict } from './statistics.ts';

/** One load's runs, and on what they were made. Each run has one or more samples. */
export interface LoadResult {
  readonly load: Load;
  readonly at: string;
  readonly machine: Machine;
  readonly runs: readonly (readonly Figures[])[];
  readonly summary: readonly Summary[];
  readonly verdicts: readonly Verdict[];
}

/** A benchmark's file. */
export interface ResultFile extends Pick<Benchmark, 'name' | 'title' | 'simulated'> {
  readonly loads: readonly LoadResult[];
}

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Puts the loads that were measured into the file, in place of their earlier results, and gives its path. */
export function writeResult({ name, title, simulated }: Benchmark, measured: readonly LoadResult[]): string {
  const file = path.join(RESULTS, `${name}.json`);
  const names = new Set(measured.map(({ load }) => load.name));
  const kept = (readResults(name)?.loads ?? []).filter(({ load }) => !names.has(load.name));
  const result: ResultFile = { name, title, simulated, loads: [...kept, ...measured].sort(bySize) };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, rounded, 2)}\n`);
  return path.relative(process.cwd(), file);
}

/** What is kept of a benchmark; undefined where it was never run. */
export function readResults(name: string): ResultFile | undefined {
  const file = path.join(RESULTS, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ResultFile) : undefined;
}

function bySize(a: LoadResult, b: LoadResult): number {
  const size = ({ load }: LoadResult) =>
    (load.parameters['clusters'] ?? 1) * (load.parameters['applications'] ?? 1);
  return size(a) - size(b);
}

/** Microseconds and billionths of a byte are noise. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}
