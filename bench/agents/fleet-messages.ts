// What the benchmark and its agent processes say to one another over Node's own channel.

/** Agents of one process. Their names: `bench-00042`, with another prefix where there is more than one fleet. */
export interface FleetPlan {
  readonly hubUrl: string;
  readonly joinToken: string;
  readonly firstNumber: number;
  readonly namePrefix?: string;
  readonly count: number;
  /** How long the simulated apply of one instance takes. */
  readonly applyMs: number;
}

/** How often one is killed, and how long it is away at most. */
export interface ChurnPace {
  readonly everyMs: number;
  readonly absentMs: number;
}

/** What is awaited of every agent: this many instances, all of them well on this release or a later one. */
export interface Expectation {
  readonly release: number;
  readonly instances: number;
}

/** From the benchmark to a process. */
export type FleetOrder =
  | { readonly kind: 'JOIN'; readonly plan: FleetPlan }
  /** From now on rings and reports count; answered by EXPECTING, and by SETTLED when every agent is so far. */
  | { readonly kind: 'EXPECT'; readonly expectation: Expectation }
  /** Ends every agent as `kill -9` would. */
  | { readonly kind: 'KILL_ALL' }
  /** Each agent begins a new life within this time, with its credential and nothing else; answered by CONNECTED. */
  | { readonly kind: 'START_ALL'; readonly withinMs: number }
  | { readonly kind: 'ASK_DOORBELLS' }
  /** How many agents have reported since EXPECT that all is well; answered by SETTLED_SO_FAR. */
  | { readonly kind: 'COUNT_SETTLED' }
  /** This share of the agents compares its assignments with the hub, each at some moment within this time. */
  | { readonly kind: 'LOOK'; readonly share: number; readonly withinMs: number }
  /** Every instance becomes DEGRADED, each at some moment within this time and with so many fields drifted; answered by CHANGED. */
  | { readonly kind: 'CHANGE_HEALTH'; readonly withinMs: number; readonly drifted: number }
  /** From now on one agent after the other is killed, at random, and begins a new life a little later. */
  | { readonly kind: 'CHURN'; readonly pace: ChurnPace }
  /** No more of that; answered by CALM when all live again. */
  | { readonly kind: 'END_CHURN' }
  | { readonly kind: 'COUNT_BYTES' }
  | { readonly kind: 'STOP' };

/** From a process to the benchmark. Times are those of `nowMs`. */
export type FleetNews =
  | { readonly kind: 'CONNECTED' }
  /** When each of the doorbells opened that are open now. */
  | { readonly kind: 'DOORBELLS'; readonly openedAtMs: readonly number[] }
  | { readonly kind: 'KILLED' }
  | { readonly kind: 'EXPECTING' }
  | { readonly kind: 'SETTLED_SO_FAR'; readonly agents: number }
  | {
      readonly kind: 'SETTLED';
      /** One for each agent. */
      readonly rungAtMs: readonly number[];
      readonly reportedAtMs: readonly number[];
    }
  | { readonly kind: 'CHANGED'; readonly atMs: Readonly<Record<string, number>> }
  | { readonly kind: 'CALM'; readonly kills: number }
  | { readonly kind: 'BYTES'; readonly sent: number; readonly received: number }
  | { readonly kind: 'FAILED'; readonly message: string };

/** Milliseconds since the epoch with fractions; comparable between processes of one machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
