// What the words after `npm run demo --` mean.
import { parseArgs } from 'node:util';

/** What the person asked for. */
export interface DemoOptions {
  /** Folder in which everything is kept between starts; undefined: one of its own for each kind of fleet. */
  readonly data: string | undefined;
  /** The hub's port; undefined: 8080, or another one where that is taken. */
  readonly port: number | undefined;
  /** Tell the story, assert each step, stop everything, and say how it went by the exit code. */
  readonly check: boolean;
  /** Real control planes in place of simulated clusters. */
  readonly kube: boolean;
  /** Contexts of the person's kubeconfig, in the order given. */
  readonly contexts: readonly string[];
}

/** Printed for `--help` and below a wrong word. */
export const USAGE = `Usage: npm run demo -- [options]

  --check           tell the story, check every step, stop everything; exit code 0 or 1
  --kube            five real control planes (API server, controllers, scheduler) in place of simulated clusters
  --context NAME    use this context of your kubeconfig; repeat it: the first is dev, then staging, then prod.
                    What the contexts leave open is simulated. The demo makes the namespaces shop and
                    fairlead-demo there, and leaves them behind
  --data DIR        keep everything in DIR (default: .fairlead/demo, with --kube .fairlead/demo-kube,
                    with --context .fairlead/demo-contexts)
  --port N          port of the hub (default: 8080, or another one where that is taken)
  --help            this text`;

/** A wrong word, or a wish for help: the text is for the person. */
export interface Advice {
  readonly advice: string;
  readonly isMistake: boolean;
}

/** Reads the words; a problem names the word and what to write instead. */
export function readDemoOptions(words: readonly string[]): DemoOptions | Advice {
  try {
    const { values } = parseArgs({ args: [...words], options: KNOWN, strict: true });
    if (values.help) return { advice: USAGE, isMistake: false };
    return {
      data: values.data,
      port: values.port === undefined ? undefined : portOf(values.port),
      check: values.check,
      kube: values.kube,
      contexts: distinct(values.context ?? []),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { advice: `${problem}\n\n${USAGE}`, isMistake: true };
  }
}

const KNOWN = {
  check: { type: 'boolean', default: false },
  kube: { type: 'boolean', default: false },
  context: { type: 'string', multiple: true },
  data: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function portOf(word: string): number {
  const port = Number(word);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--port wants a number from 1 to 65535, not "${word}"`);
}

function distinct(contexts: readonly string[]): readonly string[] {
  const twice = contexts.find((name, index) => contexts.indexOf(name) !== index);
  if (twice === undefined) return contexts;
  throw new Error(`--context ${twice} is given twice; one cluster can be enrolled once`);
}
