// What the words after `npm run health --` mean.
import { parseArgs } from 'node:util';

/** What the person asked for. */
export interface HealthOptions {
  /** One JSON object a line in place of text. */
  readonly json: boolean;
  /** File with rules of the person's own. */
  readonly rules: string | undefined;
  /** Empty, or `-` for standard input. */
  readonly files: readonly string[];
}

/** A wrong word, or a wish for help: the text is for the person. */
export interface Advice {
  readonly advice: string;
  readonly isMistake: boolean;
}

const USAGE = `Usage: npm run --silent health -- [--json] [--rules FILE] [FILE…]

Says of each object what it is, why, and in which words. Objects are YAML or JSON, also lists, and on standard input
also one JSON object a line, each answered at once. Pods that are among the objects explain their workloads.

  --json         one JSON object a line: apiVersion, kind, namespace, name, health, reason, message
  --rules FILE   rules of your own, which come before the built-in ones (docs/health.md says how they are written)
  --help         this text

  kubectl get deployments,pods -o yaml | npm run --silent health

Exit code: 0 when every object was read, 1 when one was not, 2 for a wrong word or a wrong rule.`;

/** Reads the words; a problem names the word. */
export function readHealthOptions(words: readonly string[]): HealthOptions | Advice {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      strict: true,
      options: {
        json: { type: 'boolean', default: false },
        rules: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { advice: USAGE, isMistake: false };
    return { json: values.json, rules: values.rules, files: positionals };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { advice: `${problem}\n\n${USAGE}`, isMistake: true };
  }
}
