// Many simulated agents in a few processes, as a benchmark sees them.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processUse } from '../measure/process-use.ts';
import type { ChurnPace, Expectation, FleetNews, FleetOrder, FleetPlan } from './fleet-messages.ts';
import type { WireBytes } from './wire-meter.ts';

/** How a release came to the agents; one time for each of them, by `nowMs`. */
export interface Settlement {
  readonly rungAtMs: readonly number[];
  readonly reportedAtMs: readonly number[];
}

/** What the load itself cost. */
export interface FleetUse extends WireBytes {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

type NewsOf<Kind extends FleetNews['kind']> = Extract<FleetNews, { readonly kind: Kind }>;

const WORKER = fileURLToPath(new URL('./fleet-worker.ts', import.meta.url));

/** Agents that are joined and listen, until `stop`. */
export class SimulatedFleet {
  readonly #workers: readonly ChildProcess[];

  private constructor(workers: readonly ChildProcess[]) {
    this.#workers = workers;
  }

  /** Forks `processes` programs and comes back when every agent's doorbell is open. */
  static async start(plan: Omit<FleetPlan, 'firstNumber'>, processes: number): Promise<SimulatedFleet> {
    const workers = Array.from({ length: Math.min(processes, plan.count) }, () =>
      fork(WORKER, [], { execArgv: ['--conditions=source'], env: { PATH: process.env['PATH'] ?? '' } }),
    );
    for (const worker of workers) {
      // A process that is gone cannot be told anything; whoever waits for its news hears of its end.
      worker.on('error', () => undefined);
      worker.on('message', sayFailure);
    }
    const fleet = new SimulatedFleet(workers);
    try {
      const share = Math.ceil(plan.count / workers.length);
      await Promise.all(
        workers.map((worker, index) => {
          const firstNumber = index * share;
          const count = Math.min(share, plan.count - firstNumber);
          return ask(worker, { kind: 'JOIN', plan: { ...plan, firstNumber, count } }, 'CONNECTED');
        }),
      );
      return fleet;
    } catch (error) {
      fleet.stop();
      throw error;
    }
  }

  /** Watches for what is not there yet. `settled` resolves when every agent has reported it well. */
  async expect(expectation: Expectation): Promise<{ readonly settled: Promise<Settlement> }> {
    const news = this.#workers.map((worker) => hear(worker, 'SETTLED'));
    const settled = Promise.all(news).then((all) => ({
      rungAtMs: all.flatMap(({ rungAtMs }) => rungAtMs),
      reportedAtMs: all.flatMap(({ reportedAtMs }) => reportedAtMs),
    }));
    // Whoever awaits it hears of a failure; a benchmark that was ended before does not care any more.
    settled.catch(() => undefined);
    await this.#askAll({ kind: 'EXPECT', expectation }, 'EXPECTING');
    return { settled };
  }

  /** How many agents have reported since `expect` what was expected of them. */
  async settledSoFar(): Promise<number> {
    const all = await this.#askAll({ kind: 'COUNT_SETTLED' }, 'SETTLED_SO_FAR');
    return all.reduce((sum, { agents }) => sum + agents, 0);
  }

  /** Every agent ends as if it were killed. */
  async killAll(): Promise<void> {
    await this.#askAll({ kind: 'KILL_ALL' }, 'KILLED');
  }

  /** New agents in their places; comes back when all their doorbells are open. */
  async startAll(withinMs: number): Promise<void> {
    await this.#askAll({ kind: 'START_ALL', withinMs }, 'CONNECTED');
  }

  /** Lets this share of the agents compare its assignments with the hub, spread over this time. */
  look(share: number, withinMs: number): void {
    for (const worker of this.#workers) worker.send({ kind: 'LOOK', share, withinMs } satisfies FleetOrder);
  }

  /** When each of the doorbells opened that are open now. */
  async doorbells(): Promise<readonly number[]> {
    const all = await this.#askAll({ kind: 'ASK_DOORBELLS' }, 'DOORBELLS');
    return all.flatMap(({ openedAtMs }) => openedAtMs);
  }

  /** Every instance becomes DEGRADED within this time, with so many fields drifted; when each one did. */
  async changeHealth(withinMs: number, drifted: number): Promise<ReadonlyMap<string, number>> {
    const all = await this.#askAll({ kind: 'CHANGE_HEALTH', withinMs, drifted }, 'CHANGED');
    return new Map(all.flatMap(({ atMs }) => Object.entries(atMs)));
  }

  /** Kills one agent after the other, this often in each process, until `endChurn`. */
  churn(pace: ChurnPace): void {
    for (const worker of this.#workers) worker.send({ kind: 'CHURN', pace } satisfies FleetOrder);
  }

  /** How many were killed; all live again. */
  async endChurn(): Promise<number> {
    const all = await this.#askAll({ kind: 'END_CHURN' }, 'CALM');
    return all.reduce((sum, { kills }) => sum + kills, 0);
  }

  async use(): Promise<FleetUse> {
    const counts = await this.#askAll({ kind: 'COUNT_BYTES' }, 'BYTES');
    const processes = this.#workers.map(({ pid }) => processUse(pid ?? 0));
    return {
      sent: counts.reduce((sum, { sent }) => sum + sent, 0),
      received: counts.reduce((sum, { received }) => sum + received, 0),
      cpuSeconds: processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      rssBytes: processes.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    };
  }

  stop(): void {
    for (const worker of this.#workers)
      if (worker.connected) worker.send({ kind: 'STOP' } satisfies FleetOrder);
  }

  #askAll<Kind extends FleetNews['kind']>(order: FleetOrder, answer: Kind): Promise<NewsOf<Kind>[]> {
    return Promise.all(this.#workers.map((worker) => ask(worker, order, answer)));
  }
}

function ask<Kind extends FleetNews['kind']>(
  worker: ChildProcess,
  order: FleetOrder,
  answer: Kind,
): Promise<NewsOf<Kind>> {
  const news = hear(worker, answer);
  worker.send(order);
  return news;
}

/** Also while nobody waits for news: what such an agent does not do any more would be held against the hub. */
function sayFailure(news: FleetNews): void {
  if (news.kind === 'FAILED') console.error(`a simulated agent failed: ${news.message}`);
}

/** The next news of a kind; rejects when the process fails or ends before. */
function hear<Kind extends FleetNews['kind']>(worker: ChildProcess, kind: Kind): Promise<NewsOf<Kind>> {
  return new Promise((resolve, reject) => {
    const onNews = (news: FleetNews): void => {
      if (news.kind === 'FAILED') done(() => reject(new Error(`a simulated agent failed: ${news.message}`)));
      else if (news.kind === kind) done(() => resolve(news as NewsOf<Kind>));
    };
    const onExit = (): void => done(() => reject(new Error('a process of simulated agents ended by itself')));
    const done = (settle: () => void): void => {
      worker.off('message', onNews);
      worker.off('exit', onExit);
      settle();
    };
    worker.on('message', onNews);
    worker.on('exit', onExit);
  });
}
