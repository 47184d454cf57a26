// The words behind `npm run bench --`. Pure.
import { parseArgs } from 'node:util';
import type { Wishes } from './benchmark.ts';

/** Which benchmark, how often, and with which load. */
export interface BenchOptions {
  readonly name: string;
  readonly runs: number;
  /** Nothing is kept of it. */
  readonly isTrial: boolean;
  readonly wishes: Wishes;
}

const DEFAULT_RUNS = 3;

/** Reads the words; throws with the way to use them where they make no sense. */
export function readBenchOptions(words: readonly string[], names: readonly string[]): BenchOptions {
  const { values, positionals } = parseWords(words, names);
  const [name] = positionals;
  if (name === undefined || positionals.length > 1 || !names.includes(name)) throw new Error(usage(names));
  return {
    name,
    runs: countOf(values, 'runs') ?? DEFAULT_RUNS,
    isTrial: values.trial ?? false,
    wishes: {
      clusters: countOf(values, 'clusters'),
      applications: countOf(values, 'applications'),
      minutes: countOf(values, 'minutes'),
    },
  };
}

function parseWords(words: readonly string[], names: readonly string[]) {
  const text = { type: 'string' } as const;
  const trial = { type: 'boolean' } as const;
  const options = { runs: text, clusters: text, applications: text, minutes: text, trial };
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage(names)}`, {
      cause: error,
    });
  }
}

type Count = 'runs' | 'clusters' | 'applications' | 'minutes';

function countOf(values: { readonly [name in Count]?: string | undefined }, name: Count): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new Error(`--${name} wants a whole number of 1 or more, not "${text}"`);
}

function usage(names: readonly string[]): string {
  const options = '[--runs N] [--clusters N] [--applications N] [--minutes N] [--trial]';
  return `npm run bench -- NAME ${options}\n  NAME is one of: ${names.join(', ')}`;
}
