// Many simulated agents in a few processes, as a benchmark sees them.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processUse } from '../measure/process-use.ts';
import type { FleetNews, FleetOrder, FleetPlan } from './fleet-messages.ts';
import type { WireBytes } from './wire-meter.ts';

/** How a release came to the agents; one time for each of them, by `nowMs`. */
export interface Settlement {
  readonly rungAtMs: readonly number[];
  readonly reportedAtMs: readonly number[];
}

/** What the load itself cost. */
export interface FleetUse extends WireBytes {
  readonly cpuSeconds: number;
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
    const workers = Array.from({ length: processes }, () =>
      fork(WORKER, [], { execArgv: ['--conditions=source'], env: { PATH: process.env['PATH'] ?? '' } }),
    );
    const fleet = new SimulatedFleet(workers);
    try {
      const share = Math.ceil(plan.count / processes);
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

  /** Watches for a release that does not exist yet. `settled` resolves when every agent has reported it well. */
  async expect(release: number): Promise<{ readonly settled: Promise<Settlement> }> {
    const news = this.#workers.map((worker) => hear(worker, 'SETTLED'));
    await Promise.all(this.#workers.map((worker) => ask(worker, { kind: 'EXPECT', release }, 'EXPECTING')));
    const settled = Promise.all(news).then((all) => ({
      rungAtMs: all.flatMap(({ rungAtMs }) => rungAtMs),
      reportedAtMs: all.flatMap(({ reportedAtMs }) => reportedAtMs),
    }));
    // Whoever awaits it hears of a failure; a benchmark that was ended before does not care any more.
    settled.catch(() => undefined);
    return { settled };
  }

  async use(): Promise<FleetUse> {
    const counts = await Promise.all(
      this.#workers.map((worker) => ask(worker, { kind: 'COUNT_BYTES' }, 'BYTES')),
    );
    return {
      sent: counts.reduce((sum, { sent }) => sum + sent, 0),
      received: counts.reduce((sum, { received }) => sum + received, 0),
      cpuSeconds: this.#workers.reduce((sum, { pid }) => sum + processUse(pid ?? 0).cpuSeconds, 0),
    };
  }

  stop(): void {
    for (const worker of this.#workers)
      if (worker.connected) worker.send({ kind: 'STOP' } satisfies FleetOrder);
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
