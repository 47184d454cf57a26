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

/** From the benchmark to a process. */
export type FleetOrder =
  | { readonly kind: 'JOIN'; readonly plan: FleetPlan }
  /** From now on the rings count that this release causes; answered by SETTLED. */
  | { readonly kind: 'EXPECT'; readonly release: number }
  | { readonly kind: 'COUNT_BYTES' }
  | { readonly kind: 'STOP' };

/** From a process to the benchmark. Times are those of `nowMs`, one for each agent. */
export type FleetNews =
  | { readonly kind: 'CONNECTED' }
  | { readonly kind: 'EXPECTING' }
  | {
      readonly kind: 'SETTLED';
      readonly rungAtMs: readonly number[];
      readonly reportedAtMs: readonly number[];
    }
  | { readonly kind: 'BYTES'; readonly sent: number; readonly received: number }
  | { readonly kind: 'FAILED'; readonly message: string };

/** Milliseconds since the epoch with fractions; comparable between processes of one machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
