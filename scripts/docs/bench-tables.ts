// The tables of what was measured, from bench/results: a short one for the README, a whole one beside the results.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Verdict {
  readonly figure: string;
  readonly bound: 'AT_MOST' | 'AT_LEAST';
  readonly value: number;
  readonly median: number;
  readonly worst: number;
  readonly isMet: boolean;
}

interface Summary {
  readonly figure: string;
  readonly median: number;
  readonly worst: number;
}

/** One load of a benchmark, as its result file has it. */
export interface MeasuredLoad {
  readonly load: { readonly name: string };
  readonly at: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly commit: string;
    readonly loadBefore: number;
  };
  readonly runs: readonly unknown[];
  readonly summary: readonly Summary[];
  readonly verdicts: readonly Verdict[];
}

/** A result file. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly simulated: readonly string[];
  readonly loads: readonly MeasuredLoad[];
}

/** What others have published of the same thing, by benchmark, with the load it is of. */
const PUBLISHED: Readonly<Record<string, string>> = {
  idle: 'KubeFleet, 1,000 members: 0.5 core, 1.6 GB',
  storm: 'KubeFleet: resync in 11 min 15 s; Karmada: 4 min',
  'fan-out': 'KubeFleet, 100 clusters: p90 20 s; Karmada, 100 clusters: p99 0.99 s',
  matrix: 'Fleet: 50 × 50 in 50 s, 50 × 500 stuck; KubeFleet: 16 KB a pair',
  staged: 'KubeFleet, each on 100 of 1,000 clusters: p90 96 s, 100 at once 135 s',
  'health-storm': 'none found',
  'drift-queries': 'Rancher: about 30 s at 1,750 clusters; Argo CD: 8,000 applications in 35 s',
  truth: 'silence is shown by OCM after 5 min, by Fleet never; here after 90 s unless set otherwise',
  'large-bundle': 'Fleet fails over 1 MB; OCM over 500 KB',
  'agent-cost':
    'KubeFleet: 33–40 MB; Karmada: 266 MB; Argo CD heals in 0.14–0.31 s, a repeated change in 5, 17, 53 s',
  replicas: 'argocd-agent: one active, one passive',
  apply: 'Flux: 88 objects/s, 26 requests an application; Argo CD: 11 objects/s, 43 requests',
};

/** The order of the tables. */
const ORDER = [
  'idle',
  'storm',
  'fan-out',
  'matrix',
  'staged',
  'health-storm',
  'drift-queries',
  'truth',
  'large-bundle',
  'agent-cost',
  'drift',
  'replicas',
  'apply',
  'soak',
  'health',
];
const [START, END] = ['<!-- benchmarks: printed from bench/results -->', '<!-- /benchmarks -->'];

/** All result files of a folder, in the order of the tables. */
export function readMeasured(folder: string): Measured[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const read = files.map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Measured);
  const place = ({ name }: Measured) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return read.sort((a, b) => place(a) - place(b));
}

/** The README with the short table between its two marks; throws where a mark is missing. */
export function withBenchTable(page: string, measured: readonly Measured[]): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < 0) throw new Error('README.md has lost its benchmarks marks');
  const rows = measured.flatMap((each) => each.loads.flatMap((load) => shortRow(each, load)));
  const head = '| | Measured: median (worst) | Goal | Others used meanwhile | Published by others |';
  const table = [head, '|---|---|---|---|---|', ...rows];
  return `${page.slice(0, start + START.length)}\n\n${table.join('\n')}\n\n${page.slice(end)}`;
}

function shortRow({ name, title }: Measured, measured: MeasuredLoad): string[] {
  const { load, verdicts } = measured;
  const [first] = verdicts;
  if (!first) return [];
  const what = `${title.split(':')[0]} · ${load.name}: ${words(first.figure)}`;
  return [`| ${what} | ${values(first)} | ${goal(first)} | ${others(measured)} | ${PUBLISHED[name] ?? ''} |`];
}

/** How busy the machine was with other programs. */
function others({ machine, summary }: MeasuredLoad): string {
  const busy = summary.find(({ figure }) => /coresBusyForOthers$/i.test(figure));
  return busy ? `${digits(busy.median)} of ${machine.cores} cores` : `load ${digits(machine.loadBefore)}`;
}

/** Everything, with what of it is simulated. */
export function benchPage(measured: readonly Measured[]): string {
  return [
    '# What was measured',
    '',
    'Printed from the files of this folder, which hold every run. `npm run bench -- NAME` measures anew. Each load names the machine and how',
    'many of its cores other programs used meanwhile: a time taken on a busy machine says what was reached there, not what can be reached.',
    'A goal counts as met only where the worst run meets it.',
    '',
    ...measured.flatMap(section),
  ].join('\n');
}

function section({ name, title, simulated, loads }: Measured): string[] {
  const published = PUBLISHED[name];
  return [
    `## ${title}`,
    '',
    `\`npm run bench -- ${name}\``,
    '',
    ...simulated.map((sentence) => `- ${sentence}`),
    ...(published ? ['', `Published by others: ${published}.`] : []),
    '',
    ...loads.flatMap(loadTable),
  ];
}

function loadTable({ load, at, machine, runs, summary, verdicts }: MeasuredLoad): string[] {
  const goals = new Map(verdicts.map((verdict) => [verdict.figure, verdict]));
  const rows = summary.map(({ figure, median, worst }) => {
    const verdict = goals.get(figure);
    return `| ${words(figure)} | ${shown(figure, median)} | ${shown(figure, worst)} | ${verdict ? goal(verdict) : ''} |`;
  });
  return [
    `### ${load.name}`,
    '',
    `${at.slice(0, 10)}, ${machine.cores} cores ${machine.cpu}, load ${machine.loadBefore.toFixed(1)} before, commit ${machine.commit}, ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}.`,
    '',
    '| Figure | Median | Worst | Goal |',
    '|---|---|---|---|',
    ...rows,
    '',
  ];
}

function values({ figure, median, worst }: Verdict): string {
  const [middle, far] = [shown(figure, median), shown(figure, worst)];
  return middle === far ? middle : `${middle} (${far})`;
}

function goal({ figure, bound, value, isMet }: Verdict): string {
  return `${bound === 'AT_MOST' ? '≤' : '≥'} ${shown(figure, value)}: ${isMet ? 'met' : '**missed**'}`;
}

/** `commitToReportedMs` is "commit to reported": the unit is in the value. */
function words(figure: string): string {
  const bare = figure.replace(/(?<=.)(Ms|Seconds|Bytes)$/, '');
  return bare.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
}

function shown(figure: string, value: number): string {
  if (/Bytes/.test(figure)) return bytes(value);
  if (/Ms(Per|$)/.test(figure))
    return Math.abs(value) >= 1_000 ? `${digits(value / 1_000)} s` : `${digits(value)} ms`;
  if (figure.endsWith('Seconds')) return `${digits(value)} s`;
  return digits(value);
}

function bytes(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${digits(value / 1e9)} GB`;
  if (size >= 1e6) return `${digits(value / 1e6)} MB`;
  return size >= 1e3 ? `${digits(value / 1e3)} KB` : `${digits(value)} B`;
}

/** Three digits that mean something; thousands marked. */
function digits(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
