// The program behind `npm run health`: reads objects, and prints health, reason and message of each.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RuleIndex } from '../rule-index.ts';
import { checkHealthRules } from '../user-rules/check-health-rules.ts';
import { compileHealthRules } from '../user-rules/compile-health-rules.ts';
import type { RuleProblem } from '../user-rules/rule-problem.ts';
import { type HealthOptions, readHealthOptions } from './health-options.ts';
import { judgeBatch } from './judge-batch.ts';
import { asJson, asText } from './print-verdict.ts';
import { readBatches } from './read-objects.ts';

const NOT_ALL_READ = 1;
const WRONG_WORDS = 2;

/** npm runs programs in the project's folder; a person means the folder in which they typed. */
const typedIn = process.env['INIT_CWD'] ?? process.cwd();

async function main(words: readonly string[]): Promise<number> {
  const options = readHealthOptions(words);
  if ('advice' in options) {
    (options.isMistake ? process.stderr : process.stdout).write(`${options.advice}\n`);
    return options.isMistake ? WRONG_WORDS : 0;
  }
  const rules = options.rules === undefined ? undefined : await readRules(options.rules);
  if (rules === 'refused') return WRONG_WORDS;
  let exitCode = 0;
  for (const file of options.files.length > 0 ? options.files : ['-']) {
    exitCode = Math.max(exitCode, await judgeFile(file, options, rules));
  }
  return exitCode;
}

async function judgeFile(
  file: string,
  { json }: HealthOptions,
  rules: RuleIndex | undefined,
): Promise<number> {
  const print = json ? asJson : asText;
  const input = file === '-' ? process.stdin : createReadStream(resolve(typedIn, file));
  let exitCode = 0;
  try {
    for await (const batch of readBatches(input as AsyncIterable<Buffer>)) {
      const judged = judgeBatch(batch, Date.now(), rules);
      process.stdout.write(judged.map((one) => `${print(one)}\n`).join(''));
      if (judged.some(({ isUnreadable }) => isUnreadable)) exitCode = NOT_ALL_READ;
    }
  } catch (error) {
    process.stderr.write(`${file} cannot be read: ${messageOf(error)}\n`);
    return NOT_ALL_READ;
  }
  return exitCode;
}

async function readRules(file: string): Promise<RuleIndex | 'refused'> {
  try {
    const { rules, problems } = await checkHealthRules(await readFile(resolve(typedIn, file), 'utf8'));
    if (problems.length === 0) return await compileHealthRules(rules);
    for (const problem of problems) process.stderr.write(`${file}${placeOf(problem)}\n`);
  } catch (error) {
    process.stderr.write(`${file} cannot be read: ${messageOf(error)}\n`);
  }
  return 'refused';
}

/** `:3:14 rules[0].current: Expected RPAREN, …`, as editors and terminals take it. */
function placeOf({ line, column, path, message }: RuleProblem): string {
  const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
  return `${place} ${path === '' ? '' : `${path}: `}${message}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// Whoever reads us may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2));
