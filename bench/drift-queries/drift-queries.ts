// B7: what a question about drift costs when the fleet is large.
import type { HubApi } from '../../demo/hub-api.ts';
import { ProcessSet } from '../../test/support/process-set.ts';
import type { Benchmark, Figures, Load, RunContext, Wishes } from '../benchmark.ts';
import { runStatements } from '../measure/sql-client.ts';
import { startBenchHub } from '../programs/bench-hub.ts';
import { percentile } from '../report/statistics.ts';
import { FIELDS, fleetStatements, HISTORY } from './fleet-statements.ts';
import { questionsOf, type Question } from './questions.ts';

const CLUSTERS = 5_000;
const ASKED = 40;
const PAGE = 50;
const LARGEST_PAGE = 500;
const P95_MS = 100;
const LOADS = [50, 200];
/** The questions with a target; the others are measured and promised nowhere. */
const PROMISED = [
  'driftPage',
  'driftPageDeep',
  'driftPageSelectorDeep',
  'driftPageAllFilters',
  'facetsSelector',
  'facetsFleet',
  'notOnRelease',
  'notOnReleaseSelector',
];

/** The benchmark. */
export const driftQueries: Benchmark = {
  name: 'drift-queries',
  title: 'B7: questions about drift in a large fleet, through GraphQL',
  simulated: [
    'The fleet is made by statements in the database, not by agents; one instance of a hundred has drifted, in three fields.',
    `Each question is asked ${ASKED} times, one after the other, of a hub that has nothing else to do; the first answer is left out.`,
    'Counts of the whole fleet are kept for two seconds by the hub: facetsFleet is what many who look at one page find, facetsFleetAnew what the first of them waits for.',
    'Hub, embedded Postgres with its default memory, and whoever asks share this one machine and its loopback.',
  ],
  targets: LOADS.flatMap((applications) =>
    PROMISED.map((name) => ({
      load: loadOf(CLUSTERS, applications).name,
      figure: `${name}MsP95`,
      bound: 'AT_MOST' as const,
      value: P95_MS,
    })),
  ),
  loads: ({ clusters = CLUSTERS, applications }: Wishes) =>
    (applications === undefined ? LOADS : [applications]).map((count) => loadOf(clusters, count)),
  run: runOnce,
};

function loadOf(clusters: number, applications: number): Load {
  const instances = clusters * applications;
  const name = `${instances.toLocaleString('en-US')} instances`;
  const items = Math.ceil(instances / 100) * FIELDS;
  return { name, parameters: { clusters, applications, instances, driftItems: items, episodes: HISTORY } };
}

async function runOnce(load: Load, { say, signal }: RunContext): Promise<readonly Figures[]> {
  const { clusters = 0, applications = 0 } = load.parameters;
  await using stack = new AsyncDisposableStack();
  const processes = new ProcessSet('bench-drift-queries');
  stack.defer(() => processes.close());
  const hub = await startBenchHub(processes, {
    settings: { FAIRLEAD_LOG_LEVEL: 'warn', FAIRLEAD_STALE_AFTER: '30m' },
  });
  stack.defer(() => hub.stop());
  const startedAt = performance.now();
  await runStatements(hub.database, fleetStatements({ clusters, applications }));
  say(`${load.name} made in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  const figures: Record<string, number> = {};
  for (const question of questionsOf(new Date())) {
    signal.throwIfAborted();
    const times = await ask(hub.api, question);
    figures[`${question.name}MsP50`] = percentile(times, 0.5);
    figures[`${question.name}MsP95`] = percentile(times, 0.95);
    say(
      `${question.name}: ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`,
    );
  }
  const { databaseSizeBytes, hubRssBytes } = await hub.use();
  return [{ ...figures, databaseSizeBytes, hubRssBytes }];
}

/** Milliseconds of each answer but the first. */
async function ask(api: HubApi, question: Question): Promise<readonly number[]> {
  const variables = { ...question.variables, first: PAGE, after: await cursorOf(api, question) };
  await api.ask(question.operation, variables);
  const times: number[] = [];
  for (let count = 0; count < ASKED; count += 1) {
    const startedAt = performance.now();
    await api.ask(question.operation, question.isAskedAnew ? { ...variables, top: count + 21 } : variables);
    times.push(performance.now() - startedAt);
  }
  return times;
}

interface Listed {
  readonly list: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } };
}

async function cursorOf(
  api: HubApi,
  { name, operation, variables, pagesDeep = 0 }: Question,
): Promise<string | undefined> {
  let after: string | undefined;
  for (let page = 0; page < pagesDeep; page += 1) {
    const { list } = await api.ask<Listed>(operation, { ...variables, first: LARGEST_PAGE, after });
    if (!list.pageInfo.hasNextPage) throw new Error(`${name}: the list ends before page ${page + 1}`);
    after = list.pageInfo.endCursor;
  }
  return after;
}
